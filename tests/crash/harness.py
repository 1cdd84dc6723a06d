"""The run: lives one after the other, each ended by ``kill -9``, and a look into the file after each."""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx2

from tests.crash.checks import AtRest, Kills, after_a_kill
from tests.crash.counterparts import Calendar, Graph
from tests.crash.life import Life
from tests.crash.points import OUTSIDE, Injection, Point
from tests.crash.reader import StateFile, open_rows, read_copy
from tests.crash.runner import Runner, free_port
from tests.crash.tenant import Folder
from tests.crash.traffic import Provider
from tests.fakes.loopback import LoopbackServer

AT_A_POINT = 0.7
"""Of all lives end at an injected point; the others at any moment, some of them while they still start."""

BEFORE_IT_IS_UP = 0.1
LONGEST_LIFE_S = 1.2
SETTLED_EVERY = 25
"""Kills between two moments at which everything comes to rest and is compared."""

REST_WITHIN_S = 120.0
CONNECTIONS = httpx2.Limits(max_connections=64, max_keepalive_connections=64)


@dataclass
class Report:
    """What the run came to. ``at_points`` counts by the point's short name; ``moments`` are kills at any time."""

    seed: int
    kills: int = 0
    moments: int = 0
    at_points: dict[str, int] = field(default_factory=dict)
    acknowledged: int = 0
    processed: int = 0
    replies: int = 0
    bookings: int = 0
    bookings_asked_again: int = 0
    redelivered: int = 0
    parked: list[str] = field(default_factory=list)
    duplicates: dict[str, int] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)
    seconds: float = 0.0


class Harness:
    """``run`` kills ``crashes`` times, or stops at the first broken promise."""

    def __init__(self, *, seed: int, crashes: int, mutant: int | None = None, log: Path | None = None) -> None:
        self._chance = random.Random(seed)
        self._crashes = crashes
        self._mutant = mutant
        self._log = log
        self._kills = Kills()
        self.report = Report(seed)

    async def run(self) -> Report:
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="frontdesk-crash-") as folder:
            await self._run_in(Folder(Path(folder), self._log))
        self.report.seconds = round(time.monotonic() - began, 1)
        return self.report

    async def _run_in(self, folder: Folder) -> None:
        async with AsyncExitStack() as stack:
            http = await stack.enter_async_context(httpx2.AsyncClient(trust_env=False, limits=CONNECTIONS))
            self._runner = await stack.enter_async_context(Runner(folder, http))
            port = free_port()
            self._url = f"http://127.0.0.1:{port}"
            self._provider = Provider(self._url, http, self._runner.up, random.Random(self._chance.random()))
            self._graph = Graph(random.Random(self._chance.random()), self._provider.report, self._runner.kill)
            self._calendar = Calendar(self._runner.kill)
            self._provider.replies_seen = lambda: len(self._graph.sent)
            graph = await stack.enter_async_context(LoopbackServer(self._graph.app()))
            calendar = await stack.enter_async_context(LoopbackServer(self._calendar.app()))
            folder.furnish(calendar.url)
            self._folder = folder
            self._life = Life(str(folder.tenant_file), str(folder.state_dir), port, graph.url, self._mutant)
            self._provider.start()
            stack.push_async_callback(self._provider.stop)
            for injection in self._plan():
                if self.report.violations:
                    return
                await self._one_life(injection)
                if self.report.kills % SETTLED_EVERY == 0 or self.report.kills == self._crashes:
                    await self._come_to_rest()

    def _plan(self) -> Iterator[Injection | None]:
        """Each point as often as any other, in an order that the seed decides."""
        points: list[Point] = []
        for _ in range(self._crashes):
            if self._chance.random() >= AT_A_POINT:
                yield None
                continue
            if not points:
                points = [*Point]
                self._chance.shuffle(points)
            point = points.pop()
            yield Injection(point, 1 if point is Point.RECOVERED else self._chance.randint(1, 40))

    async def _one_life(self, injection: Injection | None) -> None:
        self._graph.expect(injection, self.report.kills)
        self._calendar.expect(injection)
        within = injection is not None and injection.point not in OUTSIDE
        life = (
            replace(self._life, point=injection.point.value, nth=injection.nth) if injection and within else self._life
        )
        await self._runner.bear(life)
        early = injection is None and self._chance.random() < BEFORE_IT_IS_UP
        if early:
            await asyncio.sleep(self._chance.uniform(0, 0.15))
        elif await self._runner.until_up(self._url):
            await self._until_killed(LONGEST_LIFE_S if injection else self._chance.uniform(0.01, LONGEST_LIFE_S))
        at_the_point = injection is not None and self._runner.gone.is_set()
        self._runner.kill()
        await self._runner.until_gone()
        self.report.kills += 1
        if injection is not None and at_the_point:
            name = injection.point.value.partition(" ")[0]
            self.report.at_points[name] = self.report.at_points.get(name, 0) + 1
        else:
            self.report.moments += 1
        self._look()

    async def _until_killed(self, within_s: float) -> None:
        try:
            async with asyncio.timeout(within_s):
                await self._runner.gone.wait()
        except TimeoutError:
            return

    def _look(self) -> StateFile | None:
        if not self._folder.state_file.exists():
            return None  # killed before its first breath
        # Taken before the copy: what is acknowledged later cannot be missed in it.
        acknowledged = frozenset(self._provider.acknowledged)
        file = read_copy(self._folder.state_file)
        self._kills.note(file)
        self.report.violations += after_a_kill(file, self._provider.posted, acknowledged)
        return file

    async def _come_to_rest(self) -> None:
        """A life that nobody ends before everything is acknowledged, worked on, sent and reported."""
        if self.report.violations:
            return
        self._graph.expect(None, self.report.kills)
        self._calendar.expect(None)
        await self._runner.bear(self._life)
        assert await self._runner.until_up(self._url)
        try:
            async with asyncio.timeout(REST_WITHIN_S):
                await self._provider.until_everything_is_acknowledged()
                while open_rows(self._folder.state_file):
                    await asyncio.sleep(0.1)
                await self._provider.until_everything_is_acknowledged()
        except TimeoutError:
            pass  # what did not come to rest is named below
        self._runner.kill()
        await self._runner.until_gone()
        self._compare(read_copy(self._folder.state_file))
        self._provider.writing = True

    def _compare(self, file: StateFile) -> None:
        provider, report = self._provider, self.report
        acknowledged = frozenset(provider.acknowledged)
        booked = self._calendar.starts
        rest = AtRest(file, provider.posted, acknowledged, self._graph.sent, booked, self._kills)
        report.violations += rest.violations()
        report.violations += self._graph.refused
        report.acknowledged, report.processed = len(acknowledged), len(file.inbox)
        report.replies, report.bookings = len(file.outbox), len(booked)
        report.bookings_asked_again, report.redelivered = self._calendar.repeated, provider.redelivered
        report.duplicates, report.parked = rest.duplicates(), rest.parked()

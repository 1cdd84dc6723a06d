"""The run: lives one after the other, each ended by ``kill -9``, and a look into the file after each."""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path

import httpx2

from tests.crash.broken import Broken, Promise
from tests.crash.cannot_judge import CannotJudgeError
from tests.crash.checks import AtRest, after_a_kill
from tests.crash.counterparts import Calendar, Graph
from tests.crash.life import Life
from tests.crash.plan import Plan
from tests.crash.points import OUTSIDE, Injection, Point
from tests.crash.reader import StateFile, open_rows, read_copy
from tests.crash.repetitions import Kills
from tests.crash.runner import Runner, free_port
from tests.crash.tenant import Folder
from tests.crash.traffic import Provider
from tests.fakes.loopback import LoopbackServer

BEFORE_IT_IS_UP = 0.1
LONGEST_LIFE_S = 1.2
POINT_WITHIN_S = 2.0
"""How long a life may take to its point, on a machine that may be busy; ``Plan.patience`` times that."""

SETTLED_EVERY = 25
"""Kills between two moments at which everything comes to rest and is compared."""

REST_WITHIN_S = 120.0
CONNECTIONS = httpx2.Limits(max_connections=64, max_keepalive_connections=64)


@dataclass
class Report:
    """What the run came to.

    ``at_points`` counts by the point's short name; ``moments`` are kills at any time; ``missed`` counts lives that
    did not reach their point and were ended after a while; ``never_hit`` names points at which nobody was killed.
    """

    seed: int
    kills: int = 0
    moments: int = 0
    at_points: dict[str, int] = field(default_factory=dict)
    missed: dict[str, int] = field(default_factory=dict)
    never_hit: list[str] = field(default_factory=list)
    acknowledged: int = 0
    processed: int = 0
    replies: int = 0
    bookings: int = 0
    bookings_asked_again: int = 0
    reminders: int = 0
    redelivered: int = 0
    parked: list[str] = field(default_factory=list)
    duplicates: dict[str, int] = field(default_factory=dict)
    violations: list[Broken] = field(default_factory=list)
    seconds: float = 0.0


class Harness:
    """``run`` kills ``crashes`` times, or stops at the first broken promise."""

    def __init__(self, *, seed: int, crashes: int, mutant: int | None = None, log: Path | None = None) -> None:
        self._chance = random.Random(seed)
        self._crashes = crashes
        self._plan = Plan(crashes, self._chance)
        self._lives = 0
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
            for injection in self._plan:
                if self.report.violations:
                    return
                await self._one_life(injection)
                if self.report.kills % SETTLED_EVERY == 0 or self.report.kills == self._crashes:
                    await self._come_to_rest()

    async def _one_life(self, injection: Injection | None) -> None:
        await self._bear(injection)
        early = injection is None and self._chance.random() < BEFORE_IT_IS_UP
        if early:
            await asyncio.sleep(self._chance.uniform(0, 0.15))
        elif await self._runner.until_up(self._url):
            await self._until_killed(
                self._plan.patience(injection.point) * POINT_WITHIN_S
                if injection
                else self._chance.uniform(0.01, LONGEST_LIFE_S)
            )
        by_itself = self._runner.gone.is_set()
        self._runner.kill()
        await self._runner.until_gone()
        self.report.kills += 1
        if injection is None:
            self.report.moments += 1
        else:
            self._plan.note(injection, hit=by_itself)
            self.report.at_points = _short(self._plan.hits)
            self.report.missed = _short(self._plan.misses)
        self.report.never_hit = [_short_name(point) for point in self._plan.never_hit]
        self._look()

    async def _bear(self, injection: Injection | None) -> None:
        """Start the next life, and tell everybody where it is to end."""
        self._lives += 1
        self._graph.expect(injection, self._lives)
        self._calendar.expect(injection)
        life = replace(self._life, graph_url=f"{self._life.graph_url}/{self._lives}")
        if injection is not None and injection.point not in OUTSIDE:
            life = replace(life, point=injection.point.value, nth=injection.nth)
        await self._runner.bear(life)

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
        self._kills.note(file, self._lives)
        self.report.violations += after_a_kill(file, self._provider.posted, acknowledged)
        return file

    async def _come_to_rest(self) -> None:
        """A life that nobody ends before everything is acknowledged, worked on, sent and reported."""
        if self.report.violations:
            return
        await self._bear(None)
        if not await self._runner.until_up(self._url):
            raise CannotJudgeError("somebody else killed the runtime that was to come to rest")
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
        file = read_copy(self._folder.state_file)
        self._kills.note(file, self._lives)
        self._compare(file)
        self._provider.writing = True

    def _compare(self, file: StateFile) -> None:
        provider, report = self._provider, self.report
        delivered = tuple(provider.acknowledged)
        booked = self._calendar.starts
        rest = AtRest(file, provider.posted, delivered, self._graph.sent, booked, self._kills)
        report.violations += rest.violations()
        report.violations += (Broken(Promise.WELL_FORMED, refused) for refused in self._graph.refused)
        report.acknowledged, report.processed = len(delivered), len(file.messages)
        report.reminders = len(file.tasks)
        report.replies, report.bookings = len(file.outbox), len(booked)
        report.bookings_asked_again, report.redelivered = self._calendar.repeated, provider.redelivered
        report.duplicates, report.parked = rest.duplicates(), rest.parked()


def _short_name(point: Point) -> str:
    return point.value.partition(" ")[0]


def _short(counted: Counter[Point]) -> dict[str, int]:
    return {_short_name(point): counted[point] for point in Point if counted[point]}

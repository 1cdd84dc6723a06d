"""A runtime is replaced by the fleet's process driver while 200 contacts write: nothing is lost, nothing said twice.

Traffic, counterparts and checks are the crash harness's; here no kill excuses anything: a runtime finishes its turns
within the deadline that the driver gives it everywhere, also when its orchestrator is killed while it does so.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx2
import pytest

from platform_admin.fleet.driver import WantedRuntime
from platform_admin.fleet.drivers.child import Starter
from platform_admin.fleet.drivers.process import ProcessDriver
from platform_admin.fleet.drivers.readiness import ask_readiness
from platform_admin.fleet.drivers.warm_start import WarmStart
from tests.crash.checks import AtRest
from tests.crash.counterparts import Calendar, Graph
from tests.crash.harness import CONNECTIONS
from tests.crash.reader import open_rows, read_copy
from tests.crash.repetitions import Kills
from tests.crash.runner import ROOT, free_port
from tests.crash.tenant import Folder
from tests.crash.traffic import Provider
from tests.fakes.loopback import LoopbackServer

WAIT_S = 120.0
BETWEEN_UPGRADES = 60
"""Messages acknowledged before the next replacement: some are always under way."""


@dataclass
class Stage:
    folder: Folder
    provider: Provider
    graph: Graph
    calendar: Calendar
    driver: ProcessDriver
    wanted: WantedRuntime


@asynccontextmanager
async def stage(root: Path, starter: Starter | None = None) -> AsyncIterator[Stage]:
    port, up = free_port(), asyncio.Event()
    up.set()
    folder = Folder(root / "crash")
    folder.path.mkdir()
    async with httpx2.AsyncClient(trust_env=False, limits=CONNECTIONS) as http:
        provider = Provider(f"http://127.0.0.1:{port}", http, up, random.Random(1))
        graph = Graph(random.Random(2), provider.report, lambda: None)
        calendar = Calendar(lambda: None)
        provider.replies_seen = lambda: len(graph.sent)
        driver = ProcessDriver(root, starter=starter)
        async with LoopbackServer(graph.app()) as graph_server, LoopbackServer(calendar.app()) as calendar_server:
            folder.furnish(calendar_server.url)
            environment = {"TENANT_CONFIG_PATH": str(folder.tenant_file), "GRAPH_BASE_URL": graph_server.url}
            wanted = WantedRuntime("crash", image="runtime:1", environment=environment, port=port)
            yield Stage(folder, provider, graph, calendar, driver, wanted)
            await provider.stop()
            await asyncio.to_thread(driver.close)


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(WAIT_S):
        while not await asyncio.to_thread(is_so):
            await asyncio.sleep(0.05)


async def comes_to_rest(on: Stage) -> None:
    """Everything that was written is answered; then nothing may be missing, and nothing be there twice."""
    provider = on.provider
    async with asyncio.timeout(WAIT_S):
        await provider.until_everything_is_acknowledged()
        while open_rows(on.folder.state_file):
            await asyncio.sleep(0.1)
        await provider.until_everything_is_acknowledged()
    await asyncio.to_thread(on.driver.stop, "crash")
    delivered = tuple(provider.acknowledged)
    file = read_copy(on.folder.state_file)
    rest = AtRest(file, provider.posted, delivered, on.graph.sent, on.calendar.starts, Kills())
    assert [*rest.violations(), *on.graph.refused] == []
    assert rest.duplicates() == {}


def the_gap_was_met(provider: Provider) -> None:
    """Something was posted while nobody took it, was answered 503 or nothing, and came through when it was repeated."""
    assert set(provider.answers) <= {200, 503}
    assert provider.answers.get(503, 0) + provider.unreachable > 0
    assert provider.got_through
    assert provider.got_through <= provider.acknowledged.keys()


@pytest.mark.parametrize(
    "starter", [pytest.param(None, id="a program a runtime"), pytest.param(WarmStart(), id="forked from a warm parent")]
)
async def test_an_upgrade_under_traffic_loses_nothing_and_says_nothing_twice(
    starter: Starter | None, tmp_path: Path
) -> None:
    async with stage(tmp_path, starter) as on:
        provider, driver = on.provider, on.driver
        for version in ("runtime:1", "runtime:2", "runtime:3"):
            await asyncio.to_thread(driver.apply, replace(on.wanted, image=version))
            await until(lambda: driver.readiness("crash").ready)
            if version == "runtime:1":
                provider.start()
            enough = len(provider.acknowledged) + BETWEEN_UPGRADES
            await until(lambda enough=enough: len(provider.acknowledged) >= enough)  # type: ignore[misc] # bound now
        await comes_to_rest(on)
        assert len(provider.acknowledged) >= 3 * BETWEEN_UPGRADES
        the_gap_was_met(provider)


ORCHESTRATOR = """
import json, pathlib, sys
from platform_admin.fleet.driver import WantedRuntime
from platform_admin.fleet.drivers.process import ProcessDriver
driver = ProcessDriver(pathlib.Path(sys.argv[1]))
for line in sys.stdin:
    driver.apply(WantedRuntime("crash", **json.loads(line)))
"""


async def test_an_orchestrator_that_is_killed_in_mid_upgrade_leaves_nothing_lost_to_the_next_one(
    tmp_path: Path,
) -> None:
    async with stage(tmp_path) as on:
        provider, driver = on.provider, on.driver
        command = (sys.executable, "-c", ORCHESTRATOR, str(tmp_path))
        killed = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdin=asyncio.subprocess.PIPE)
        assert killed.stdin is not None
        try:
            killed.stdin.write(as_line(replace(on.wanted, image="runtime:1")))
            await until(lambda: ask_readiness("127.0.0.1", on.wanted.port).ready)
            provider.start()
            await until(lambda: len(provider.acknowledged) >= BETWEEN_UPGRADES)
            answered = provider.answers.get(503, 0) + provider.unreachable
            killed.stdin.write(as_line(replace(on.wanted, image="runtime:2")))
            await until(lambda: provider.answers.get(503, 0) + provider.unreachable > answered)
        finally:
            killed.kill()
            await killed.wait()
        await asyncio.to_thread(driver.apply, replace(on.wanted, image="runtime:2"))
        await until(lambda: driver.readiness("crash").ready)
        enough = len(provider.acknowledged) + BETWEEN_UPGRADES
        await until(lambda: len(provider.acknowledged) >= enough)
        await comes_to_rest(on)
        the_gap_was_met(provider)


def as_line(wanted: WantedRuntime) -> bytes:
    told = {"image": wanted.image, "environment": {**wanted.environment}, "port": wanted.port}
    return f"{json.dumps(told)}\n".encode()

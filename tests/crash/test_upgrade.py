"""A runtime is replaced by the fleet's process driver while 200 contacts write: nothing is lost, nothing said twice.

Traffic, counterparts and checks are the crash harness's; here no kill excuses anything.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx2

from platform_admin.fleet.driver import WantedRuntime
from platform_admin.fleet.drivers.process import ProcessDriver
from platform_admin.fleet.drivers.supervisor import RestartPolicy
from tests.crash.checks import AtRest, Kills
from tests.crash.counterparts import Calendar, Graph
from tests.crash.harness import CONNECTIONS
from tests.crash.reader import open_rows, read_copy
from tests.crash.runner import free_port
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
async def stage(root: Path) -> AsyncIterator[Stage]:
    port, up = free_port(), asyncio.Event()
    up.set()
    folder = Folder(root / "crash")
    folder.path.mkdir()
    async with httpx2.AsyncClient(trust_env=False, limits=CONNECTIONS) as http:
        provider = Provider(f"http://127.0.0.1:{port}", http, up, random.Random(1))
        graph = Graph(random.Random(2), provider.report, lambda: None)
        calendar = Calendar(lambda: None)
        provider.replies_seen = lambda: len(graph.sent)
        driver = ProcessDriver(root, policy=RestartPolicy(stop_deadline_s=WAIT_S))
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


async def test_an_upgrade_under_traffic_loses_nothing_and_says_nothing_twice(tmp_path: Path) -> None:
    async with stage(tmp_path) as on:
        provider, driver = on.provider, on.driver
        for version in ("runtime:1", "runtime:2", "runtime:3"):
            await asyncio.to_thread(driver.apply, replace(on.wanted, image=version))
            await until(lambda: driver.readiness("crash").ready)
            if version == "runtime:1":
                provider.start()
            enough = len(provider.acknowledged) + BETWEEN_UPGRADES
            await until(lambda enough=enough: len(provider.acknowledged) >= enough)  # type: ignore[misc] # bound now
        async with asyncio.timeout(WAIT_S):
            await provider.until_everything_is_acknowledged()
            while open_rows(on.folder.state_file):
                await asyncio.sleep(0.1)
            await provider.until_everything_is_acknowledged()
        await asyncio.to_thread(driver.stop, "crash")
        acknowledged = frozenset(provider.acknowledged)
        file = read_copy(on.folder.state_file)
        rest = AtRest(file, provider.posted, acknowledged, on.graph.sent, on.calendar.starts, Kills())
        assert [*rest.violations(), *on.graph.refused] == []
        assert len(acknowledged) >= 3 * BETWEEN_UPGRADES
        assert rest.duplicates() == {}
        assert provider.redelivered > 0  # the gaps were met: something was posted into them and repeated

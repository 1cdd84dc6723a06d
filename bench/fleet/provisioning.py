"""From asking the process driver for a tenant that it has never run to its first 200 of ``/ready``."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.figure import Figure, figure
from bench.fleet.driven import until_ready, wish
from bench.runtime.tenants import release
from platform_admin.fleet.drivers.child import Starter
from platform_admin.fleet.drivers.process import ProcessDriver
from platform_admin.fleet.drivers.warm_start import WarmStart
from tests.fakes.graph_server import FakeGraphServer
from tests.fakes.loopback import LoopbackServer
from tests.runtime.control_plane_server import ControlPlaneServer

ROUNDS = 5
MEASURED = "process driver, apply to /ready; before it the command and the orchestrator's next look, within 1 s"


def measure_provisioning() -> Iterator[Figure]:
    yield figure("fleet.provision_s", _measure(None), unit="s", against=f"<= 3; {MEASURED}")
    first, *later = _measure(WarmStart())
    against = f"printed: forked from a warm parent, {first:.2f} s with the making of the parent; {MEASURED}"
    yield figure("fleet.provision_warm_s", later, unit="s", against=against)


def _measure(starter: Starter | None) -> list[float]:
    with tempfile.TemporaryDirectory(prefix="frontdesk-bench-") as folder:
        return asyncio.run(_rounds(Path(folder), starter))


async def _rounds(folder: Path, starter: Starter | None) -> list[float]:
    """Nothing is there before any round: no state, no kept bundle; the runtime pulls its first one."""
    plane, graph = ControlPlaneServer(), FakeGraphServer()
    plane.bundles.envelope = release()
    driver = ProcessDriver(folder / "tenants", starter=starter)
    try:
        async with graph, LoopbackServer(plane.app()) as server:
            took = []
            for number in range(ROUNDS + (starter is not None)):
                name = f"round{number}"
                wanted = wish(name, folder / name, control_plane=server.url, graph=graph.url)
                took.append(await asyncio.to_thread(until_ready, driver, wanted))
                await asyncio.to_thread(driver.stop, name)
            return took
    finally:
        driver.close()

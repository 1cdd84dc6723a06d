"""Real runtimes beside each other, each with a state of its own: how many of them a gigabyte holds."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.figure import Figure, figure
from bench.fleet.driven import until_ready, wish
from bench.runtime.resting import MESSAGES, rest
from bench.runtime.tenants import hear, pss_mb, release
from platform_admin.fleet.drivers.process import ProcessDriver
from platform_admin.fleet.drivers.warm_start import WarmStart
from tests.fakes.graph_server import FakeGraphServer
from tests.fakes.loopback import LoopbackServer
from tests.runtime.control_plane_server import ControlPlaneServer

TENANTS = int(os.environ.get("BENCH_DENSE_TENANTS", "20"))
REST_S = float(os.environ.get("BENCH_DENSE_REST_S", "20"))
MB_PER_GB = 1024


def measure_density() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="frontdesk-bench-") as folder:
        weights = asyncio.run(_weights(Path(folder)))
    mean = sum(weights) / len(weights)
    yield figure(
        "fleet.tenants_per_gb",
        [MB_PER_GB / mean],
        unit="tenants",
        against=f">= 22; {TENANTS} runtimes at rest after 100 messages each, mean PSS {mean:.1f} MB",
    )


def measure_warm_density() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="frontdesk-bench-") as folder:
        weights, parent = asyncio.run(_warm_weights(Path(folder)))
    mean = (sum(weights) + parent) / len(weights)
    yield figure(
        "fleet.tenants_per_gb_warm",
        [MB_PER_GB / mean],
        unit="tenants",
        against=f"printed: the same {TENANTS} forked from a warm parent, mean PSS {mean:.1f} MB with their share of it",
    )


async def _warm_weights(folder: Path) -> tuple[list[float], float]:
    """MB of each runtime, and of their parent."""
    plane, graph, start = ControlPlaneServer(), FakeGraphServer(), WarmStart()
    plane.bundles.envelope = release()
    driver = ProcessDriver(folder / "tenants", starter=start)
    try:
        async with graph, LoopbackServer(plane.app()) as server:
            names = [f"tenant{number}" for number in range(TENANTS)]
            for name in names:
                wanted = wish(name, folder / name, control_plane=server.url, graph=graph.url)
                await asyncio.to_thread(until_ready, driver, wanted)
                await hear(f"http://127.0.0.1:{wanted.port}", MESSAGES)
            await asyncio.sleep(REST_S * 1.5)  # as long as the others
            (parent,) = start.pids()
            notes = [(driver.state_folder(name) / "runtime.pid").read_text(encoding="ascii") for name in names]
            return [pss_mb(int(note.split()[0])) for note in notes], pss_mb(parent)
    finally:
        await asyncio.to_thread(driver.close)


async def _weights(folder: Path) -> list[float]:
    plane, graph = ControlPlaneServer(), FakeGraphServer()
    envelope = release()
    plane.bundles.envelope = envelope
    async with graph, LoopbackServer(plane.app()) as server:
        weights, _ = await rest(
            folder, envelope, control_plane=server.url, graph=graph.url, tenants=TENANTS, rest_s=REST_S
        )
    return weights

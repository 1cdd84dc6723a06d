"""Real runtimes beside each other, each with a state of its own: how many of them a gigabyte holds."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.figure import Figure, figure
from bench.runtime.resting import rest
from bench.runtime.tenants import release
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


async def _weights(folder: Path) -> list[float]:
    plane, graph = ControlPlaneServer(), FakeGraphServer()
    envelope = release()
    plane.bundles.envelope = envelope
    async with graph, LoopbackServer(plane.app()) as server:
        weights, _ = await rest(
            folder, envelope, control_plane=server.url, graph=graph.url, tenants=TENANTS, rest_s=REST_S
        )
    return weights

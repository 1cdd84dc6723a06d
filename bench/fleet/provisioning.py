"""From asking the process driver for a tenant that it has never run to its first 200 of ``/ready``."""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.figure import Figure, figure
from bench.runtime.contestant import free_port
from bench.runtime.tenants import release
from platform_admin.fleet.driver import SecretFile, WantedRuntime
from platform_admin.fleet.drivers.process import ProcessDriver
from tests.fakes.graph_server import FakeGraphServer
from tests.fakes.loopback import LoopbackServer
from tests.runtime.bundles.bundle_line import TENANT, write_trust
from tests.runtime.control_plane_server import ControlPlaneServer

ROUNDS = 5
_PATIENCE_S = 60.0
_LOOK_AGAIN_S = 0.01
_FILES = {
    "RUNTIME_TOKEN_FILE": "token",
    "TENANT_FERNET_KEYS_FILE": "fernet",
    "BUNDLE_PUBLIC_KEYS_FILE": "keys.json",
}


def measure_provisioning() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="frontdesk-bench-") as folder:
        took = asyncio.run(_rounds(Path(folder)))
    yield figure("fleet.provision_s", took, unit="s", against="<= 3; process driver, from the wish to /ready")


async def _rounds(folder: Path) -> list[float]:
    plane, graph = ControlPlaneServer(), FakeGraphServer()
    plane.bundles.envelope = release()
    async with graph, LoopbackServer(plane.app()) as server:
        return [
            await asyncio.to_thread(_provision, folder / f"round{number}", server.url, graph.url)
            for number in range(ROUNDS)
        ]


def _provision(folder: Path, control_plane: str, graph: str) -> float:
    """Nothing is there before: no state, no kept bundle; the runtime pulls its first one."""
    folder.mkdir()
    write_trust(folder)
    wanted = WantedRuntime(
        TENANT,
        environment={
            "CONTROL_PLANE_URL": control_plane,
            "TENANT_ID": TENANT,
            "GRAPH_BASE_URL": graph,
            "EGRESS_ALLOW": "127.0.0.1/32",
        },
        secrets=tuple(
            SecretFile(variable, name, (folder / name).read_text(encoding="utf-8")) for variable, name in _FILES.items()
        ),
        port=free_port(),
    )
    driver = ProcessDriver(folder / "tenants")
    try:
        began = time.perf_counter()
        driver.apply(wanted)
        while not driver.readiness(TENANT).ready:
            assert time.perf_counter() - began < _PATIENCE_S, "\n".join(driver.logs(TENANT))
            time.sleep(_LOOK_AGAIN_S)
        return time.perf_counter() - began
    finally:
        driver.close()

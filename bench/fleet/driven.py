"""Tenants as the process driver is asked for them, each with keys of its own folder."""

from __future__ import annotations

import time
from pathlib import Path

from bench.runtime.contestant import free_port
from platform_admin.fleet.driver import SecretFile, WantedRuntime
from platform_admin.fleet.drivers.process import ProcessDriver
from tests.runtime.bundles.bundle_line import write_trust
from tests.runtime.furnishing import SECRET_FILES, settings

PATIENCE_S = 60.0
_LOOK_AGAIN_S = 0.01


def wish(name: str, trust: Path, *, control_plane: str, graph: str) -> WantedRuntime:
    """A runtime in a folder ``name``, for the tenant whose bundles the control plane has. ``trust`` gets its keys."""
    trust.mkdir(exist_ok=True)
    write_trust(trust)
    return WantedRuntime(
        name,
        environment=settings(control_plane=control_plane, graph=graph),
        secrets=tuple(
            SecretFile(variable, name, (trust / name).read_text(encoding="utf-8"))
            for variable, name in SECRET_FILES.items()
        ),
        port=free_port(),
    )


def until_ready(driver: ProcessDriver, wanted: WantedRuntime) -> float:
    """Seconds from asking the driver to the first 200 of ``/ready``."""
    began = time.perf_counter()
    driver.apply(wanted)
    while not driver.readiness(wanted.tenant).ready:
        assert time.perf_counter() - began < PATIENCE_S, "\n".join(driver.logs(wanted.tenant))
        time.sleep(_LOOK_AGAIN_S)
    return time.perf_counter() - began

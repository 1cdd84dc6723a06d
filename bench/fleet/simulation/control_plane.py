"""The control plane as it is served, a fleet that asks it, and what that takes of the machine (from /proc)."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

import httpx2
from django.db import connection

from bench.fleet.simulation.pace import require_pace

_START_PATIENCE_S = 300.0
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Measured:
    """``answered``: how many of what kind within the measured ``seconds``."""

    seconds: float
    control_plane_cpu_s: float
    database_cpu_s: float
    answered: Mapping[str, int]
    report_p95_ms: float
    control_plane_pss_mb: float


def measure(tokens: Mapping[str, str], *, warm_up_s: float, seconds: float) -> Measured:
    """``warm_up_s`` is for every runtime to have come in and found its pace.

    Raises:
        FellBehindError: the fleet did not keep that pace, so that nothing was measured.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "platform_admin.config.asgi:application", "--lifespan", "off"]
    command += ["--no-access-log", "--log-level", "error", "--port", str(port)]
    server = subprocess.Popen(command, env=os.environ)
    try:
        base = f"http://127.0.0.1:{port}"
        _until_up(base)
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(tokens, file)
            file.flush()
            return _with_fleet(server, base, Path(file.name), warm_up_s=warm_up_s, seconds=seconds)
    finally:
        server.terminate()
        server.wait()


def _with_fleet(
    server: subprocess.Popen[bytes], base: str, tokens: Path, *, warm_up_s: float, seconds: float
) -> Measured:
    command = [sys.executable, "-m", "bench.fleet.simulation.runtimes", base, str(tokens)]
    fleet = subprocess.Popen([*command, str(warm_up_s), str(seconds)], stdout=subprocess.PIPE, text=True)
    try:
        assert fleet.stdout is not None
        assert fleet.stdout.readline() == "warm\n", "the simulated fleet did not come up"
        began, control_plane, database = time.monotonic(), cpu_s(server.pid), _database_cpu_s()
        counted = json.loads(fleet.stdout.readline())
        took = time.monotonic() - began
        require_pace(counted["answered"], counted["due"])
        return Measured(
            seconds=took,
            control_plane_cpu_s=cpu_s(server.pid) - control_plane,
            database_cpu_s=_database_cpu_s() - database,
            answered=counted["answered"],
            report_p95_ms=counted["report_p95_ms"],
            control_plane_pss_mb=pss_mb(server.pid),
        )
    finally:
        fleet.terminate()
        fleet.wait()


def cpu_s(pid: int) -> float:
    """Seconds that a process and the children it has waited for have worked."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return sum(int(field) for field in fields[11:15]) / _TICKS


def pss_mb(pid: int) -> float:
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    (kilobytes,) = [line.split()[1] for line in rollup.splitlines() if line.startswith("Pss:")]
    return int(kilobytes) / 1024


def _database_cpu_s() -> float:
    """PostgreSQL's processes: the one that answers us says who its parent is. 0 where it is another machine's."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    try:
        parent = _parent(backend)
    except OSError:
        return 0.0
    children = [int(path.name) for path in Path("/proc").glob("[0-9]*")]
    total = cpu_s(parent)
    for pid in children:
        try:
            total += cpu_s(pid) if _parent(pid) == parent else 0
        except OSError:
            continue  # it ended meanwhile, and counts among what its parent has waited for
    return total


def _parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[1])


def _until_up(base: str) -> None:
    deadline = time.monotonic() + _START_PATIENCE_S
    while time.monotonic() < deadline:
        try:
            if httpx2.get(f"{base}/health").status_code == HTTPStatus.OK:
                return
        except httpx2.TransportError:
            time.sleep(0.2)
    raise TimeoutError("the control plane did not start")

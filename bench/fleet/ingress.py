"""The bundled ingress with very many tenants: Caddy as the orchestrator tells it, in front of one server that answers.

Caddy comes from ``BENCH_CADDY`` or the path (Debian: ``apt-get install caddy``); without it there are no such figures.
``BENCH_ROUTES`` (10,000) says how many tenants.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bench.figure import Figure, figure
from bench.fleet.simulation.control_plane import cpu_s, pss_mb
from bench.runtime.contestant import free_port
from platform_admin.fleet.caddy.configuration import IngressConfiguration, caddy_document
from platform_admin.fleet.caddy.ingress import CaddyIngress
from tests.fakes.threaded_server import ThreadedServer

ROUTES = int(os.environ.get("BENCH_ROUTES", "10000"))
ROUNDS = 3
REQUESTS = 300
_START_PATIENCE_S = 20.0
_LOOK_AGAIN_S = 0.05


def measure_ingress() -> Iterator[Figure]:
    program = os.environ.get("BENCH_CADDY") or shutil.which("caddy")
    if program is None:
        print("caddy is not here (Debian: apt-get install caddy): no figures of the ingress", file=sys.stderr)
        return
    with tempfile.TemporaryDirectory(prefix="frontdesk-bench-") as work, ThreadedServer(_runtime()) as server:
        yield from _measured(program, Path(work), urlsplit(server.url).netloc)


def _runtime() -> Starlette:
    async def answer(_: Request) -> Response:
        return Response("ok")

    return Starlette(routes=[Route("/webhook", answer)])


def _measured(program: str, work: Path, upstream: str) -> Iterator[Figure]:
    ingress = IngressConfiguration(
        admin_socket=str(work / "admin.sock"), http_port=free_port(), https_port=free_port(),
        runtime_api_port=free_port(), control_plane="127.0.0.1:9",
    )  # fmt: skip
    routes = {f"t{number:05}": upstream for number in range(ROUTES)}
    about = f"printed: {ROUTES:,} tenants"
    yield figure(
        "fleet.ingress_document_s",
        [_timed(lambda: json.dumps(caddy_document(routes, ingress))) for _ in range(ROUNDS)],
        unit="s",
        against=f"{about}, made and written as JSON",
    )
    caddy = _started(program, work, ingress)
    try:
        empty_mb = pss_mb(caddy.pid)
        yield from _told(CaddyIngress(work / "admin.sock", ingress), routes, caddy.pid, about)
        yield figure(
            "fleet.ingress_pss_mb", [pss_mb(caddy.pid)], unit="MB", against=f"{about}; without any {empty_mb:.0f} MB"
        )
        for place, tenant in (("first", min(routes)), ("last", max(routes))):
            yield figure(
                f"fleet.ingress_{place}_route_ms",
                _latencies_ms(ingress, tenant),
                unit="ms",
                against=f"{about}, one after the other, its runtime's own time in it",
            )
    finally:
        caddy.terminate()
        caddy.wait()


def _told(ingress: CaddyIngress, routes: Mapping[str, str], pid: int, about: str) -> Iterator[Figure]:
    changed = [_timed(partial(ingress.lead, _but(routes, number))) for number in range(ROUNDS)]
    ingress.lead(routes)
    yield figure("fleet.ingress_change_s", changed, unit="s", against=f"{about}, one comes or goes: until it is taken")
    before = cpu_s(pid)
    same = [_timed(lambda: ingress.lead(routes)) for _ in range(ROUNDS)]
    worked_s = (cpu_s(pid) - before) / ROUNDS
    yield figure(
        "fleet.ingress_look_s", same, unit="s",
        against=f"{about}, none changed: what a pass of the orchestrator spends; Caddy works {worked_s:.2f} s for it",
    )  # fmt: skip


def _but(routes: Mapping[str, str], number: int) -> dict[str, str]:
    return {tenant: address for tenant, address in routes.items() if tenant != f"t{number:05}"}


def _started(program: str, work: Path, ingress: IngressConfiguration) -> subprocess.Popen[bytes]:
    file = work / "caddy.json"
    file.write_text(json.dumps(caddy_document({}, ingress)), encoding="utf-8")
    homes = {"HOME": str(work), "XDG_CONFIG_HOME": str(work), "XDG_DATA_HOME": str(work)}
    caddy = subprocess.Popen([program, "run", "--config", str(file)], env=homes, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + _START_PATIENCE_S
    while not Path(ingress.admin_socket).exists():
        assert caddy.poll() is None, "caddy ended at once"
        assert time.monotonic() < deadline, "caddy did not start"
        time.sleep(_LOOK_AGAIN_S)
    return caddy


def _latencies_ms(ingress: IngressConfiguration, tenant: str) -> list[float]:
    """The median of each round of requests over one connection."""
    with httpx2.Client(base_url=f"http://127.0.0.1:{ingress.http_port}", headers={"Host": "localhost"}) as client:

        def ask() -> None:
            assert client.get(f"/t/{tenant}/webhook").text == "ok"

        return [1000 * statistics.median(_timed(ask) for _ in range(REQUESTS)) for _ in range(ROUNDS)]


def _timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began

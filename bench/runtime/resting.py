"""A tenant at rest: how long it takes to be there, what it weighs, and what it costs while nobody writes."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Iterable
from contextlib import AsyncExitStack
from pathlib import Path

from bench.figure import Figure, figure
from bench.runtime.tenants import TenantProcess, release
from tests.fakes.graph_server import FakeGraphServer
from tests.fakes.loopback import LoopbackServer
from tests.fakes.messages_api import FakeMessagesAPI
from tests.runtime.control_plane_server import ControlPlaneServer

TENANTS = int(os.environ.get("TENANTS", "10"))
MESSAGES = 100
REST_S = float(os.environ.get("REST_S", "60"))
BOOTS = 5
ROUNDS = int(os.environ.get("REST_ROUNDS", "3"))
"""Each with new runtimes, one that asks the engine after ten that do not."""
HOLD_S = 25.0
"""So long a control plane holds a request for commands while there are none."""
QUESTION = "¿Tenéis aparcamiento cerca de la peluquería?"


def main() -> Iterable[Figure]:
    with tempfile.TemporaryDirectory(prefix="frontdesk-bench-") as folder:
        boots, weights, loads, with_llm = asyncio.run(_measure(Path(folder)))
    yield figure("runtime.boot_s", boots, unit="s", against="<= 1.0, start to /ready from the kept bundle")
    yield figure("runtime.idle_pss_mb", weights, unit="MB", against=f"<= 42, mean of {TENANTS} runtimes")
    yield figure("runtime.idle_cpu_percent", loads, unit="%", against="<= 0.3 of one core")
    yield figure("runtime.idle_pss_llm_mb", with_llm, unit="MB", against="printed: after one answer (ADR 0008)")


async def _measure(folder: Path) -> tuple[list[float], list[float], list[float], list[float]]:
    """Start times, and by round the mean weight, the mean load, and the weight after an answer."""
    plane, graph, engine = ControlPlaneServer(long_poll=True, hold_s=HOLD_S), FakeGraphServer(), FakeMessagesAPI()
    plain = plane.bundles.envelope = release()
    weights, loads, with_llm = [], [], []
    async with graph, engine, LoopbackServer(plane.app()) as server:
        boots = [await _boot(folder / f"boot{number}", plain, server.url, graph.url) for number in range(BOOTS)]
        answering = release(llm_url=engine.url)
        for number in range(ROUNDS):
            home = folder / f"round{number}"
            home.mkdir()
            plane.bundles.envelope = plain
            weight, load = await rest(
                home, plain, control_plane=server.url, graph=graph.url, tenants=TENANTS, rest_s=REST_S
            )
            weights.append(_mean(weight))
            loads.append(_mean(load))
            plane.bundles.envelope = answering
            with_llm.append(await _rest_after_an_answer(home / "llm", answering, server.url, graph.url))
        assert engine.calls >= ROUNDS, "a question did not reach the engine"
    return boots, weights, loads, with_llm


async def _boot(folder: Path, envelope: bytes, control_plane: str, graph: str) -> float:
    """The second start of a folder: the first has made the state file and the byte code."""
    for _ in range(2):
        tenant = await TenantProcess.start(folder, envelope, control_plane=control_plane, graph=graph)
        await tenant.stop()
    return tenant.booted_s


async def rest(
    folder: Path, envelope: bytes, *, control_plane: str, graph: str, tenants: int, rest_s: float
) -> tuple[list[float], list[float]]:
    """What so many runtimes weigh, in MB, and take, in percent of a core, after some messages and a while."""
    async with AsyncExitStack() as stack:
        running: list[TenantProcess] = []
        for number in range(tenants):
            home = folder / f"tenant{number}"
            tenant = await TenantProcess.start(home, envelope, control_plane=control_plane, graph=graph)
            stack.push_async_callback(tenant.stop)
            await tenant.hear(MESSAGES)
            running.append(tenant)
        await asyncio.sleep(rest_s / 2)  # what the messages led to is over
        before = [tenant.cpu_s() for tenant in running]
        await asyncio.sleep(rest_s)
        loads = [(tenant.cpu_s() - then) / rest_s * 100 for tenant, then in zip(running, before, strict=True)]
        return [tenant.pss_mb() for tenant in running], loads


async def _rest_after_an_answer(folder: Path, envelope: bytes, control_plane: str, graph: str) -> float:
    tenant = await TenantProcess.start(folder, envelope, control_plane=control_plane, graph=graph)
    try:
        await tenant.hear(1)
        await asyncio.sleep(2)  # the menu is out, so that the question is one
        await tenant.hear(1, QUESTION)
        await asyncio.sleep(10)  # the engine is loaded by its first question
        return tenant.pss_mb()
    finally:
        await tenant.stop()


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)

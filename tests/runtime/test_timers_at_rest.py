"""No timer of a tenant nobody writes to fires more often than once a second: hundreds of them share a machine.

This looks at the timers of the event loop; ``test_wake_ups_at_rest.py`` at every thread, from outside.
"""

from __future__ import annotations

import asyncio
import gc
import signal
import socket
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final

import pytest

from runtime.app import open_runtime
from runtime.server import serve
from runtime.stop_signals import StopSignals
from tests.fakes.graph_server import FakeGraphServer
from tests.fakes.loopback import LoopbackServer
from tests.runtime.bundles.bundle_line import control_plane_settings, write_trust
from tests.runtime.control_plane_server import ControlPlaneServer
from tests.runtime.idle_time import IdleTimeLoop, hurried
from tests.runtime.resting_tenant import HOLD_S, NUMBER, TOKEN, answer_somebody, release

SHORTEST_S: Final = 1.0
CALMED_AFTER_S: Final = 30.0
REST_S: Final = 400.0
"""Longer than housekeeping waits after a start, and many rounds of everything that asks the control plane."""


@pytest.fixture(autouse=True)
def _settings_of_a_server() -> Iterator[None]:
    """A server changes two settings of its process, which is this one."""
    before = sys.getswitchinterval()
    yield
    sys.setswitchinterval(before)
    gc.unfreeze()


async def rest(folder: Path, loop: IdleTimeLoop) -> float:
    """A whole runtime with its server, its scheduler and a control plane; when its rest began."""
    write_trust(folder)
    plane = ControlPlaneServer(long_poll=True, hold_s=HOLD_S)
    plane.bundles.envelope = release()
    graph = FakeGraphServer(tokens=[TOKEN], phone_number_ids=[NUMBER])
    signals, listening = StopSignals(), asyncio.Event()
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listener:
        listener.bind(("127.0.0.1", 0))
        async with graph, LoopbackServer(plane.app()) as server:
            settings = replace(control_plane_settings(folder, server.url), graph_base_url=graph.url)
            async with open_runtime(settings) as runtime:
                serving = loop.create_task(serve(runtime, listener, signals, listening=listening.set))
                await listening.wait()
                while runtime.status().serial is None:
                    await asyncio.sleep(0.01)
                await answer_somebody(f"http://127.0.0.1:{listener.getsockname()[1]}", graph)
                counts = await runtime.core.store.counts()
                assert (runtime.status().serial, counts.tasks_scheduled) == (1, 1)
                await asyncio.sleep(CALMED_AFTER_S)
                began = loop.time()
                await asyncio.sleep(REST_S)
                assert len(plane.bundles.asked_with) > REST_S / 30
                assert len(plane.received) > 1
                signals.receive(signal.SIGTERM)
                await serving
    return began


def test_no_timer_of_a_runtime_at_rest_fires_again_and_again_within_a_second(tmp_path: Path) -> None:
    with asyncio.Runner(loop_factory=IdleTimeLoop) as runner:
        loop = runner.get_loop()
        assert isinstance(loop, IdleTimeLoop)
        began = runner.run(rest(tmp_path, loop))
    of_rest = loop.between(began, began + REST_S)
    assert len([timer for timer in of_rest if "runtime/watchdog.py" in timer.by]) >= REST_S - 1
    assert hurried(of_rest, SHORTEST_S) == {}


@pytest.mark.parametrize(("pause_s", "seen"), [(0.5, 20), (0.999, 11), (1.0, 0)])
def test_a_timer_that_fires_too_often_is_seen(pause_s: float, seen: int) -> None:
    async def tick() -> None:
        while loop.time() < 10:
            await asyncio.sleep(pause_s)

    with asyncio.Runner(loop_factory=IdleTimeLoop) as runner:
        loop = runner.get_loop()
        assert isinstance(loop, IdleTimeLoop)
        runner.run(tick())
    assert sum(hurried(loop.fired, SHORTEST_S).values()) == seen


def test_a_thread_that_still_works_at_the_end_is_waited_for() -> None:
    ended: list[float] = []

    def work() -> None:
        time.sleep(0.1)
        ended.append(0.1)

    async def leave_it() -> None:
        working = asyncio.get_running_loop().run_in_executor(None, work)
        assert not working.done()

    with asyncio.Runner(loop_factory=IdleTimeLoop) as runner:
        runner.run(leave_it())
    assert ended == [0.1]

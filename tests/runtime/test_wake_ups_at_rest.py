"""A whole runtime at rest, as a process: no thread of it is woken more than once a second by a timer of its own.

The kernel counts, so it is real time that passes; a busy machine makes fewer wake-ups of the same timers, never more.
"""

from __future__ import annotations

import asyncio
import os
import select
import threading
import time
from pathlib import Path
from typing import Final

import pytest

from tests.fakes.graph_server import FakeGraphServer
from tests.fakes.loopback import LoopbackServer
from tests.runtime.control_plane_server import ControlPlaneServer
from tests.runtime.resting_tenant import HOLD_S, NUMBER, TOKEN, answer_somebody, release
from tests.runtime.runtime_process import PATIENCE_S, runtime_process
from tests.runtime.wake_ups import Window, restless, wake_ups_of

PERIOD_S: Final = 1.0
"""The shortest that a timer of ours may have."""

OF_THE_LOOP: Final = 2
"""The server's clock (``runtime/server.py``) and the watchdog's mark; every other thread may have one."""

WINDOW_S: Final = 5.0
"""A timer of 0.7 s is beyond the bound in each window of this length."""

MOST_WINDOWS: Final = 12
"""A minute. Every few of them hold a question to the control plane, a report, or pages that are given back."""

ROUNDS: Final = 50


async def watch(pid: int) -> Window:
    began = time.monotonic()
    before = wake_ups_of(pid)
    await asyncio.sleep(WINDOW_S)
    after = wake_ups_of(pid)
    return Window(time.monotonic() - began, {thread: count - before.get(thread, 0) for thread, count in after.items()})


async def test_no_thread_of_a_runtime_at_rest_is_woken_more_than_once_a_second_by_each_timer(tmp_path: Path) -> None:
    plane = ControlPlaneServer(long_poll=True, hold_s=HOLD_S)
    plane.bundles.envelope = release()
    graph = FakeGraphServer(tokens=[TOKEN], phone_number_ids=[NUMBER])
    async with (
        graph,
        LoopbackServer(plane.app()) as server,
        runtime_process(tmp_path, release(), graph_url=graph.url, control_plane_url=server.url) as runtime,
    ):
        async with asyncio.timeout(PATIENCE_S):
            await answer_somebody(runtime.url, graph)
        timers = {runtime.pid: OF_THE_LOOP}  # the first thread, which runs the loop, has the id of the process
        windows = [await watch(runtime.pid)]
        while restless(windows, timers=timers, period_s=PERIOD_S) and len(windows) < MOST_WINDOWS:
            windows.append(await watch(runtime.pid))
    assert restless(windows, timers=timers, period_s=PERIOD_S) == {}
    assert len([count for count in windows[-1].wake_ups.values() if count]) > 1, "the loop and the watchdog were awake"


def test_every_wake_up_of_a_thread_is_counted() -> None:
    begun, go, done, end = (threading.Event() for _ in range(4))

    def lie_down() -> None:
        begun.set()
        go.wait()
        for _ in range(ROUNDS):
            select.select([], [], [], 0.001)  # the kernel is handed a time to sleep, not one to wake at: it always does
        done.set()
        end.wait()

    thread = threading.Thread(target=lie_down)
    thread.start()
    begun.wait()
    assert thread.native_id is not None
    before = wake_ups_of(os.getpid())[thread.native_id]
    go.set()
    done.wait()
    assert wake_ups_of(os.getpid())[thread.native_id] - before >= ROUNDS
    end.set()
    thread.join()


def window(loop: int, watchdog: int, *, lasted_s: float = 5.0) -> Window:
    return Window(lasted_s, {1: loop, 2: watchdog})


JUDGED: Final = {
    "a thread each second, two timers in the loop": ([window(10, 5)], {}),
    "one fires at both ends": ([window(12, 6)], {}),
    "a thread that looks twice a second": ([window(10, 10), window(10, 10)], {2: 4}),
    "a loop with a timer of half a second": ([window(15, 5), window(16, 5)], {1: 3}),
    "a question to the control plane, once": ([window(30, 5), window(10, 5)], {}),
    "each has had a quiet window, another one": ([window(30, 5), window(11, 9)], {}),
    "a look that came late": ([window(16, 8, lasted_s=7.2)], {}),
}


@pytest.mark.parametrize(("windows", "beyond"), JUDGED.values(), ids=JUDGED)
def test_who_is_restless(windows: list[Window], beyond: dict[int, int]) -> None:
    assert restless(windows, timers={1: OF_THE_LOOP}, period_s=PERIOD_S) == beyond

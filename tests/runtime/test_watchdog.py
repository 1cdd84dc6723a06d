"""A loop that stands still is noticed from outside, with the stack that holds it; one that hangs ends the process."""

from __future__ import annotations

import asyncio
import logging
import subprocess
import sys
import threading
import time

from runtime.watchdog import EXIT_HUNG, Watchdog

HANGS = """
import asyncio, time
from runtime.watchdog import Watchdog

async def main():
    watchdog = Watchdog(stall_s=0.05, hung_s=0.2, period_s=0.02)
    watchdog.start()
    await asyncio.sleep(0.05)
    time.sleep(60)

asyncio.run(main())
"""


class Ear(logging.Handler):
    """Hears in the watchdog's own thread."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []
        self.told = threading.Event()

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(record.getMessage())
        self.told.set()


async def test_a_stall_is_told_once_with_the_place_it_happens_in() -> None:
    ear = Ear()
    logging.getLogger("runtime.watchdog").addHandler(ear)
    watchdog = Watchdog(stall_s=0.05, period_s=0.02)
    watchdog.start()
    await asyncio.sleep(0)
    a_blocking_call(ear.told)
    watchdog.stop()
    logging.getLogger("runtime.watchdog").removeHandler(ear)
    (line,) = ear.heard
    assert "a_blocking_call" in line
    assert watchdog.stalls == 1


def a_blocking_call(until: threading.Event) -> None:
    """Holds the loop until the watchdog has spoken."""
    assert until.wait(30)


async def test_a_loop_that_turns_is_left_alone() -> None:
    watchdog = Watchdog(stall_s=30, period_s=0.01)
    watchdog.start()
    deadline = time.monotonic() + 30
    while watchdog.longest_lag_s == 0.0 and time.monotonic() < deadline:
        await asyncio.sleep(0.01)
    watchdog.stop()
    assert watchdog.stalls == 0


def test_a_process_that_hangs_ends_itself_with_its_own_code() -> None:
    ended = subprocess.run([sys.executable, "-c", HANGS], capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == EXIT_HUNG

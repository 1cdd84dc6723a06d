"""``Watchdog``: notices when the event loop stands still, says where, and ends a process that has hung.

The loop leaves a mark once a second; a thread looks at it once a second. A second without a mark is logged with the
stacks of all threads, thirty end the process: what was acknowledged is on disk, and a supervisor starts it again.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable
from typing import Final

PERIOD_S: Final = 1.0
"""Nothing of ours wakes an idle process more often."""

STALL_S: Final = 1.0
"""Beyond its period: a turn takes milliseconds, so this is somebody's blocking call."""

HUNG_S: Final = 30.0
"""A hang, not a stall: nothing answers, and a supervisor's probes have failed as well."""

EXIT_HUNG: Final = 70
"""sysexits.h: EX_SOFTWARE."""

log = logging.getLogger(__name__)


def end_process() -> None:
    """At once, without handlers: they would need the loop that hangs."""
    os._exit(EXIT_HUNG)


class Watchdog:
    """``stalled`` is told, in the watchdog's thread, of the first sight of each stall and for how long it lasts."""

    def __init__(
        self,
        *,
        stall_s: float = STALL_S,
        hung_s: float = HUNG_S,
        period_s: float = PERIOD_S,
        hung: Callable[[], None] = end_process,
    ) -> None:
        self._stall_s = stall_s
        self._hung_s = hung_s
        self._period_s = period_s
        self._hung = hung
        self._marked_at = 0.0
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._timer: asyncio.TimerHandle | None = None
        self.stalls = 0
        self.longest_lag_s = 0.0

    def start(self) -> None:
        """Begin to watch the running loop."""
        self._mark()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop watching; returns at once."""
        self._stopping.set()
        if self._timer is not None:
            self._timer.cancel()

    def _mark(self) -> None:
        now = time.monotonic()
        if self._marked_at:
            self.longest_lag_s = max(self.longest_lag_s, now - self._marked_at - self._period_s)
        self._marked_at = now
        self._timer = asyncio.get_running_loop().call_later(self._period_s, self._mark)

    def _watch(self) -> None:
        told = 0.0
        while not self._stopping.wait(self._period_s):
            marked_at = self._marked_at
            lag_s = time.monotonic() - marked_at - self._period_s
            if lag_s >= self._hung_s:
                log.critical("the event loop has stood still for %.0f s; the process ends\n%s", lag_s, _stacks())
                self._hung()
                return
            if lag_s >= self._stall_s and told != marked_at:
                told = marked_at
                self.stalls += 1
                log.error("the event loop has stood still for %.1f s\n%s", lag_s, _stacks())


def _stacks() -> str:
    names = {thread.ident: thread.name for thread in threading.enumerate()}
    return "\n".join(
        f"thread {names.get(ident, ident)}:\n{''.join(traceback.format_stack(frame))}"
        for ident, frame in sys._current_frames().items()  # noqa: SLF001 - the documented way to see other threads
    )

"""``StopSignals``: who asks this process to end, and how often it has to be asked.

A supervisor may ask again, and so may its successor that never heard of the first time: a second SIGTERM changes
nothing, at no point of the stop. A second Ctrl-C is a person who will not wait.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import Callable, Iterator
from typing import Final

EXIT_KILLED: Final = 130
"""What a shell tells of a program that Ctrl-C ended."""

log = logging.getLogger(__name__)


class StopSignals:
    """``asked`` is whether the process shall end. Until there is something to stop, ``opening`` is given up for it."""

    def __init__(self, opening: asyncio.Task[object] | None = None) -> None:
        self.asked = False
        self._opening = opening
        self._stop: Callable[[], None] | None = None

    def then(self, stop: Callable[[], None]) -> None:
        """Call ``stop`` when the process is asked to end; now, if it has been. The start is over."""
        self._stop, self._opening = stop, None
        if self.asked:
            stop()

    def receive(self, number: signal.Signals) -> None:
        """SIGTERM or SIGINT has come."""
        if self.asked:
            if number is signal.SIGINT:
                # As after a kill -9: the next start resumes what was under way.
                os._exit(EXIT_KILLED)
            return
        log.info("stopping")
        self.asked = True
        if self._stop is not None:
            self._stop()
        elif self._opening is not None:
            # A start may wait for a disk for ever. What it has begun is finished on its way out.
            self._opening.cancel()


@contextlib.contextmanager
def stop_signals() -> Iterator[StopSignals]:
    """Listen while the block runs: from before anything could be cut off until everything is finished.

    Needs a running event loop in the main thread. The task that enters is cancelled by a signal until ``then`` is
    called, and the block ends with that where it was so.
    """
    signals, loop = StopSignals(asyncio.current_task()), asyncio.get_running_loop()
    numbers = (signal.SIGTERM, signal.SIGINT)
    for number in numbers:
        loop.add_signal_handler(number, signals.receive, number)
    try:
        yield signals
    except asyncio.CancelledError:
        if not signals.asked:
            raise
    finally:
        for number in numbers:
            loop.remove_signal_handler(number)

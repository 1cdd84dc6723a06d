"""``StopDeadline``: the time a runtime takes to stop, shared by everything that finishes something on the way."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

STOP_S: Final = 20.0
"""From the signal to the end. Every supervisor of ours grants it and ``GRACE_S`` on top (a test compares)."""

GRACE_S: Final = 5.0
"""What a loaded machine may need beyond, before the supervisor kills."""

CLOSE_S: Final = 2.0
"""Kept for the end: connections are closed and the log is folded into the file."""

REQUESTS_S: Final = 5.0
"""A webhook is stored in milliseconds; what is still open after this is a client that does not read."""

TURNS_S: Final = 8.0
"""A turn in flight waits for a connector. What is cut off here and below is resumed by the next start."""

NOTICE_S: Final = 1.0


class StopDeadline:
    """``monotonic`` is in seconds. It runs from the first ``begin``."""

    def __init__(self, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._until: float | None = None

    def begin(self) -> float:
        """When nothing may be under way any more. Safe to call twice."""
        if self._until is None:
            self._until = self._monotonic() + STOP_S - CLOSE_S
        return self._until

    def left(self, most_s: float = STOP_S) -> float:
        """Seconds that the next part may take: at most ``most_s``, and what the parts before have left."""
        return min(max(self.begin() - self._monotonic(), 0.0), most_s)

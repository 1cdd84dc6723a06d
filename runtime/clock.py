"""The machine's clock, as the composition root hands it out."""

from __future__ import annotations

import time
from datetime import UTC, datetime


class SystemClock:
    """``runtime.ports.clock.Clock`` over the operating system."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()

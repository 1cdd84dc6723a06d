"""Time as a value that is handed in: the system's clock, and one that a test turns by hand."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """What the connectors need to know about time."""

    def monotonic(self) -> float:
        """Seconds since an arbitrary start; never goes back. For durations."""
        ...

    def now(self) -> datetime:
        """Aware UTC. For dates that people see."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Let ``seconds`` pass."""
        ...


class SystemClock:
    """The clock of the machine."""

    def monotonic(self) -> float:
        return time.monotonic()

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class ManualClock:
    """A clock that moves only when told, for tests and the simulator. Sleeping moves it at once."""

    def __init__(self, now: datetime) -> None:
        if now.tzinfo is None:
            raise ValueError("ManualClock needs an aware datetime")
        self._start = now.astimezone(UTC)
        self._elapsed_s = 0.0
        self.sleeps: list[float] = []

    def monotonic(self) -> float:
        return self._elapsed_s

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._elapsed_s)

    def advance(self, seconds: float) -> None:
        """Let ``seconds`` pass without anyone waiting."""
        self._elapsed_s += seconds

    async def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self._elapsed_s += seconds
        await asyncio.sleep(0)

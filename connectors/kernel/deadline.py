"""``Deadline``: how much of a call's whole time is left."""

from __future__ import annotations

from dataclasses import dataclass

from connectors.clock import Clock


@dataclass(frozen=True, slots=True)
class Deadline:
    """Ends ``total_s`` seconds after it was started; attempts and waits all draw on it."""

    clock: Clock
    started: float
    total_s: float

    @classmethod
    def start(cls, clock: Clock, total_s: float) -> Deadline:
        return cls(clock, clock.monotonic(), total_s)

    def elapsed_s(self) -> float:
        return self.clock.monotonic() - self.started

    def left_s(self) -> float:
        """Seconds left; zero or less when it has passed."""
        return self.total_s - self.elapsed_s()

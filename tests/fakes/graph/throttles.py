"""How fast one number, and one number to one customer, may send. A sliding window each."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class Throttles:
    """``None`` is no limit. ``number_per_s`` counts over one second, ``pair`` is (messages, seconds)."""

    number_per_s: int | None = None
    pair: tuple[int, float] | None = None
    now: Callable[[], float] = time.monotonic
    _sent: dict[tuple[str, ...], deque[float]] = field(default_factory=dict)

    def refusal_of(self, phone_number_id: str, customer: str) -> tuple[int, int, str] | None:
        """Why this send is too fast; one that is not counts."""
        number, pair = (phone_number_id,), (phone_number_id, customer)
        if self.number_per_s is not None and self._in_last(number, 1.0) >= self.number_per_s:
            return 400, 130429, "rate limit hit"
        if self.pair is not None and self._in_last(pair, self.pair[1]) >= self.pair[0]:
            return 400, 131056, "(business account, consumer account) pair rate limit hit"
        for key in (number, pair):
            self._sent.setdefault(key, deque()).append(self.now())
        return None

    def _in_last(self, key: tuple[str, ...], seconds: float) -> int:
        sent = self._sent.setdefault(key, deque())
        return sum(moment > self.now() - seconds for moment in sent)

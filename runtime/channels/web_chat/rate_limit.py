"""``RateLimit``: so many at once, so many over time, for each of many keys; in bounded memory."""

from __future__ import annotations

import math
from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

MOST_KEYS: Final = 10_000
"""About 2 MB. The key that was quiet longest is forgotten first, and by then its bucket is full again."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """``burst`` at once, and one more every ``every_s`` seconds."""

    burst: int
    every_s: float


class RateLimit:
    """Token buckets by key."""

    def __init__(self, allowance: Allowance, *, most_keys: int = MOST_KEYS) -> None:
        self._allowance = allowance
        self._most_keys = most_keys
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # tokens left, at which monotonic second

    def wait_s(self, key: str, now_s: float) -> int:
        """0 and one token taken, or the whole seconds until there is one again. ``now_s`` is monotonic."""
        burst, every_s = float(self._allowance.burst), self._allowance.every_s
        tokens, since_s = self._buckets.pop(key, (burst, now_s))
        tokens = min(burst, tokens + (now_s - since_s) / every_s)
        taken = tokens >= 1.0
        self._buckets[key] = (tokens - 1.0 if taken else tokens, now_s)
        if len(self._buckets) > self._most_keys:
            self._buckets.popitem(last=False)
        return 0 if taken else max(1, math.ceil((1.0 - tokens) * every_s))

"""Over which calls a rate is taken: the last N, those of the last T seconds, or since T began."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import deque
from dataclasses import dataclass

_BUCKETS = 10
"""A time window is kept in tenths: memory stays bounded however many calls there are."""


@dataclass(frozen=True, slots=True)
class Rates:
    """Calls in the window, and how many of them failed or were slow."""

    calls: int
    failed: int
    slow: int

    @property
    def failure_pct(self) -> float:
        return 100.0 * self.failed / self.calls if self.calls else 0.0

    @property
    def slow_pct(self) -> float:
        return 100.0 * self.slow / self.calls if self.calls else 0.0


class CallWindow(ABC):
    """Remembers outcomes; forgets them by its own rule. Times are monotonic seconds."""

    @abstractmethod
    def record(self, now: float, *, failed: bool, slow: bool) -> None:
        """One call ended at ``now``."""

    @abstractmethod
    def rates(self, now: float) -> Rates:
        """What the window holds at ``now``."""

    def over(self, now: float) -> bool:
        """Whether everything recorded is void and a new window must begin."""
        return False


class CountWindow(CallWindow):
    """The last ``size`` calls."""

    def __init__(self, size: int) -> None:
        self._outcomes: deque[tuple[bool, bool]] = deque(maxlen=size)
        self._failed = 0
        self._slow = 0

    def record(self, now: float, *, failed: bool, slow: bool) -> None:
        if len(self._outcomes) == self._outcomes.maxlen:
            oldest_failed, oldest_slow = self._outcomes[0]
            self._failed -= oldest_failed
            self._slow -= oldest_slow
        self._outcomes.append((failed, slow))
        self._failed += failed
        self._slow += slow

    def rates(self, now: float) -> Rates:
        return Rates(len(self._outcomes), self._failed, self._slow)


@dataclass(slots=True)
class _Bucket:
    number: int
    calls: int = 0
    failed: int = 0
    slow: int = 0


class TimeWindow(CallWindow):
    """The calls of the last ``seconds``."""

    def __init__(self, seconds: float) -> None:
        self._bucket_s = seconds / _BUCKETS
        self._buckets: deque[_Bucket] = deque(maxlen=_BUCKETS)

    def record(self, now: float, *, failed: bool, slow: bool) -> None:
        number = int(now // self._bucket_s)
        if not self._buckets or self._buckets[-1].number != number:
            self._buckets.append(_Bucket(number))
        bucket = self._buckets[-1]
        bucket.calls += 1
        bucket.failed += failed
        bucket.slow += slow

    def rates(self, now: float) -> Rates:
        oldest = int(now // self._bucket_s) - _BUCKETS + 1
        while self._buckets and self._buckets[0].number < oldest:
            self._buckets.popleft()
        return Rates(
            sum(bucket.calls for bucket in self._buckets),
            sum(bucket.failed for bucket in self._buckets),
            sum(bucket.slow for bucket in self._buckets),
        )


class IntervalWindow(CallWindow):
    """The calls since ``started``; void after ``seconds``."""

    def __init__(self, seconds: float, started: float) -> None:
        self._ends = started + seconds
        self._calls = 0
        self._failed = 0
        self._slow = 0

    def record(self, now: float, *, failed: bool, slow: bool) -> None:
        self._calls += 1
        self._failed += failed
        self._slow += slow

    def rates(self, now: float) -> Rates:
        return Rates(self._calls, self._failed, self._slow)

    def over(self, now: float) -> bool:
        return now >= self._ends

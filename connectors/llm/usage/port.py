"""``UsageLedgerPort``: the month's tokens of one tenant, safe against questions asked together and against crashes.

Before a call the most it can cost is reserved, if the quota has room for it beside everything settled and
everything else reserved; afterwards the reservation is replaced by what it did cost. A crash between the two
leaves the reservation, and the repeated call finds it under its key: money is never counted twice for
one decision and never lost.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

MARKS = (50, 80, 100)
"""Percent of the quota at which somebody should hear of it: halfway, in time to act, and at the end."""


@dataclass(frozen=True, slots=True)
class Reservation:
    """``key`` is the idempotency key of the question; ``month`` is ``YYYY-MM`` in the tenant's zone."""

    key: str
    month: str
    tokens: int

    @property
    def held(self) -> int:
        """A question of unknown cost holds one token: two of them cannot share the last one of a quota."""
        return max(1, self.tokens)


@dataclass(frozen=True, slots=True)
class MonthUse:
    """Tokens of one month: paid for, and held for calls under way."""

    settled: int
    reserved: int

    @property
    def total(self) -> int:
        return self.settled + self.reserved


class UsageLedgerPort(ABC):
    """Implementations pass one contract suite. Every method is atomic."""

    @abstractmethod
    async def reserve(self, reservation: Reservation, *, quota: int | None) -> bool:
        """Hold ``reservation.tokens`` (at least one) unless they would pass ``quota``; ``None`` is no limit.

        True when they are held. A key that is held already stays as it was and is true: the same
        question, asked again after a crash.
        """

    @abstractmethod
    async def settle(self, key: str, tokens: int) -> MonthUse | None:
        """Replace the reservation by what was spent, also when that is more. The month it was made in pays.

        The use of that month afterwards; ``None``, and no charge, when nothing is reserved under ``key``.
        """

    @abstractmethod
    async def release(self, key: str) -> None:
        """Give a reservation back: nothing was asked. Unknown keys are fine."""

    @abstractmethod
    async def month_use(self, month: str) -> MonthUse:
        """What ``month`` has cost so far."""


def month_of(at: datetime, timezone: str) -> str:
    """The month (``YYYY-MM``) that ``at`` (aware) falls in on the tenant's wall calendar."""
    return at.astimezone(ZoneInfo(timezone)).strftime("%Y-%m")


def crossed_marks(before: int, after: int, quota: int | None) -> tuple[int, ...]:
    """The marks (percent of ``quota``) that going from ``before`` to ``after`` settled tokens reached."""
    if not quota:
        return ()
    return tuple(mark for mark in MARKS if before * 100 < mark * quota <= after * 100)

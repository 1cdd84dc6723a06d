"""``UsageLedgerPort``: the month's tokens of one tenant, safe against questions asked together and against crashes.

Before a call the most it can cost is reserved, if the quota has room for it beside everything settled and
everything else reserved; afterwards the reservation is replaced by what it did cost. A crash between the two
leaves the reservation, and the repeated call finds it under its key: money is never counted twice for
one decision and never lost. A reservation whose question is never asked again is given up after a while, so that
a crash takes nothing from the month.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from connectors.llm.port import TokenUsage

MARKS = (50, 80, 100)
"""Percent of the quota at which somebody should hear of it: halfway, in time to act, and at the end."""

ABANDONED_AFTER = timedelta(hours=1)
"""A call ends within two minutes whatever a policy says; what is older belongs to a process that died. A question that
is asked again later than this reserves anew."""


class Admission(StrEnum):
    """Whether a question may be asked."""

    HELD = "held"
    QUOTA_USED_UP = "quota_used_up"
    CONTACT_ASKED_ENOUGH = "contact_asked_enough"


@dataclass(frozen=True, slots=True)
class Asker:
    """Whose question it is. Kept only to count the questions of one day."""

    channel_id: str
    contact_id: str


@dataclass(frozen=True, slots=True)
class Allowance:
    """``quota`` is tokens a month, ``a_day`` questions of one contact a day; ``None`` is no limit."""

    quota: int | None = None
    a_day: int | None = None


@dataclass(frozen=True, slots=True)
class Reservation:
    """``key`` is the idempotency key of the question, ``at`` (aware) when it is made.

    ``month`` is ``YYYY-MM`` and ``day`` ``YYYY-MM-DD`` in the tenant's zone.
    """

    key: str
    tokens: int
    at: datetime
    timezone: str
    asker: Asker

    @property
    def month(self) -> str:
        return month_of(self.at, self.timezone)

    @property
    def day(self) -> str:
        return self.at.astimezone(ZoneInfo(self.timezone)).date().isoformat()

    @property
    def held(self) -> int:
        """A question of unknown cost holds one token: two of them cannot share the last one of a quota."""
        return max(1, self.tokens)


@dataclass(frozen=True, slots=True)
class MonthUse:
    """Tokens of one month: paid for, by what they cost, and held for calls under way."""

    paid: TokenUsage
    reserved: int

    @property
    def settled(self) -> int:
        return self.paid.total

    @property
    def total(self) -> int:
        return self.settled + self.reserved


@dataclass(frozen=True, slots=True)
class Settled:
    """The month after a payment, and the marks that were reached with it for the first time."""

    use: MonthUse
    marks: tuple[int, ...] = ()


class UsageLedgerPort(ABC):
    """Implementations pass one contract suite. Every method is atomic."""

    @abstractmethod
    async def reserve(self, reservation: Reservation, allowance: Allowance) -> Admission:
        """Hold ``reservation.tokens`` (at least one) unless they would pass the allowance.

        A key that is held already stays as it was: the same question, asked again after a crash. What is older than
        ``ABANDONED_AFTER`` is given up first. A quota that has no room is a mark of 100 percent, told once a month.
        """

    @abstractmethod
    async def settle(self, key: str, usage: TokenUsage, *, at: datetime, quota: int | None = None) -> Settled | None:
        """Replace the reservation by what was spent, also when that is more. The month it was made in pays.

        ``None``, and no charge, when nothing is reserved under ``key``. Marks of ``quota`` are reached once a month.
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


def reached_marks(settled: int, quota: int | None) -> tuple[int, ...]:
    """The marks (percent of ``quota``) that ``settled`` tokens have reached."""
    if not quota:
        return ()
    return tuple(mark for mark in MARKS if settled * 100 >= mark * quota)


def added(one: TokenUsage, other: TokenUsage) -> TokenUsage:
    """Both together."""
    return TokenUsage(
        fresh_input=one.fresh_input + other.fresh_input,
        cache_write=one.cache_write + other.cache_write,
        cache_read=one.cache_read + other.cache_read,
        output=one.output + other.output,
    )

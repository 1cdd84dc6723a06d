"""``InMemoryUsageLedger``: the same promises, except that nothing outlives the object."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from connectors.llm.port import TokenUsage
from connectors.llm.usage.port import (
    ABANDONED_AFTER,
    Admission,
    Allowance,
    Asker,
    MonthUse,
    Reservation,
    Settled,
    UsageLedgerPort,
    added,
    reached_marks,
)


class InMemoryUsageLedger(UsageLedgerPort):
    """No method awaits between reading and writing, so each is atomic in one event loop."""

    def __init__(self) -> None:
        self._paid: dict[str, TokenUsage] = {}
        self._held: dict[str, Reservation] = {}
        self._asked: Counter[tuple[Asker, str]] = Counter()
        self._marks: set[tuple[str, int]] = set()

    async def reserve(self, reservation: Reservation, allowance: Allowance) -> Admission:
        self._give_up_before(reservation.at - ABANDONED_AFTER)
        if reservation.key in self._held:
            return Admission.HELD
        asked = (reservation.asker, reservation.day)
        if allowance.a_day is not None and self._asked[asked] >= allowance.a_day:
            return Admission.CONTACT_ASKED_ENOUGH
        use = self._use(reservation.month)
        if allowance.quota is not None and use.total + reservation.held > allowance.quota:
            self._reach(reservation.month, (100,))
            return Admission.QUOTA_USED_UP
        self._held[reservation.key] = reservation
        self._asked[asked] += 1
        return Admission.HELD

    async def settle(self, key: str, usage: TokenUsage, *, at: datetime, quota: int | None = None) -> Settled | None:
        reservation = self._held.pop(key, None)
        if reservation is None:
            return None
        month = reservation.month
        self._paid[month] = added(self._paid.get(month, TokenUsage()), usage)
        use = self._use(month)
        return Settled(use, self._reach(month, reached_marks(use.settled, quota)))

    async def release(self, key: str) -> None:
        self._held.pop(key, None)

    async def month_use(self, month: str) -> MonthUse:
        return self._use(month)

    def _use(self, month: str) -> MonthUse:
        held = sum(item.held for item in self._held.values() if item.month == month)
        return MonthUse(self._paid.get(month, TokenUsage()), held)

    def _reach(self, month: str, marks: tuple[int, ...]) -> tuple[int, ...]:
        new = tuple(mark for mark in marks if (month, mark) not in self._marks)
        self._marks.update((month, mark) for mark in new)
        return new

    def _give_up_before(self, at: datetime) -> None:
        for key in [key for key, item in self._held.items() if item.at < at]:
            del self._held[key]

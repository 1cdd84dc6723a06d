"""``InMemoryUsageLedger``: the same promises, except that nothing outlives the object."""

from __future__ import annotations

from connectors.llm.usage.port import MonthUse, Reservation, UsageLedgerPort


class InMemoryUsageLedger(UsageLedgerPort):
    """No method awaits between reading and writing, so each is atomic in one event loop."""

    def __init__(self) -> None:
        self._settled: dict[str, int] = {}
        self._held: dict[str, Reservation] = {}

    async def reserve(self, reservation: Reservation, *, quota: int | None) -> bool:
        if reservation.key in self._held:
            return True
        use = await self.month_use(reservation.month)
        if quota is not None and use.total + reservation.held > quota:
            return False
        self._held[reservation.key] = reservation
        return True

    async def settle(self, key: str, tokens: int) -> MonthUse | None:
        reservation = self._held.pop(key, None)
        if reservation is None:
            return None
        self._settled[reservation.month] = self._settled.get(reservation.month, 0) + tokens
        return await self.month_use(reservation.month)

    async def release(self, key: str) -> None:
        self._held.pop(key, None)

    async def month_use(self, month: str) -> MonthUse:
        held = sum(item.held for item in self._held.values() if item.month == month)
        return MonthUse(self._settled.get(month, 0), held)

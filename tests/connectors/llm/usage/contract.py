"""What every usage ledger promises. Subclass it and give the fixture ``ledger``."""

from __future__ import annotations

import asyncio

from connectors.llm.usage import MonthUse, Reservation, UsageLedgerPort

MARCH, APRIL = "2026-03", "2026-04"


class UsageLedgerContract:
    async def test_what_is_reserved_counts_until_it_is_settled(self, ledger: UsageLedgerPort) -> None:
        assert await ledger.reserve(Reservation("a", MARCH, 400), quota=1000)
        assert await ledger.month_use(MARCH) == MonthUse(0, 400)
        assert await ledger.settle("a", 150) == MonthUse(150, 0)
        assert await ledger.month_use(MARCH) == MonthUse(150, 0)

    async def test_nothing_is_reserved_beyond_the_quota(self, ledger: UsageLedgerPort) -> None:
        assert await ledger.reserve(Reservation("a", MARCH, 600), quota=1000)
        assert not await ledger.reserve(Reservation("b", MARCH, 401), quota=1000)
        assert await ledger.reserve(Reservation("c", MARCH, 400), quota=1000)
        assert await ledger.month_use(MARCH) == MonthUse(0, 1000)

    async def test_questions_asked_together_do_not_pass_the_quota(self, ledger: UsageLedgerPort) -> None:
        asked = [ledger.reserve(Reservation(f"q{number}", MARCH, 30), quota=1000) for number in range(100)]
        assert sum(await asyncio.gather(*asked)) == 33
        settled = [ledger.settle(f"q{number}", 30) for number in range(100)]
        assert sum(use is not None for use in await asyncio.gather(*settled)) == 33
        assert await ledger.month_use(MARCH) == MonthUse(990, 0)

    async def test_a_question_of_unknown_cost_needs_room_for_one_token(self, ledger: UsageLedgerPort) -> None:
        assert await ledger.reserve(Reservation("a", MARCH, 0), quota=1)
        assert not await ledger.reserve(Reservation("with a", MARCH, 0), quota=1)
        await ledger.settle("a", 1)
        assert not await ledger.reserve(Reservation("b", MARCH, 0), quota=1)
        assert not await ledger.reserve(Reservation("c", MARCH, 0), quota=0)

    async def test_the_same_question_again_is_reserved_once(self, ledger: UsageLedgerPort) -> None:
        assert await ledger.reserve(Reservation("a", MARCH, 900), quota=1000)
        assert await ledger.reserve(Reservation("a", MARCH, 900), quota=1000)
        assert await ledger.month_use(MARCH) == MonthUse(0, 900)

    async def test_a_reservation_is_settled_once(self, ledger: UsageLedgerPort) -> None:
        await ledger.reserve(Reservation("a", MARCH, 10), quota=None)
        assert await ledger.settle("a", 7) == MonthUse(7, 0)
        assert await ledger.settle("a", 7) is None
        assert await ledger.settle("never", 7) is None
        assert await ledger.month_use(MARCH) == MonthUse(7, 0)

    async def test_more_than_was_reserved_is_charged_in_full(self, ledger: UsageLedgerPort) -> None:
        await ledger.reserve(Reservation("a", MARCH, 10), quota=100)
        assert await ledger.settle("a", 250) == MonthUse(250, 0)
        assert not await ledger.reserve(Reservation("b", MARCH, 1), quota=100)

    async def test_what_was_not_asked_is_given_back(self, ledger: UsageLedgerPort) -> None:
        await ledger.reserve(Reservation("a", MARCH, 100), quota=100)
        await ledger.release("a")
        await ledger.release("a")
        assert await ledger.month_use(MARCH) == MonthUse(0, 0)
        assert await ledger.reserve(Reservation("b", MARCH, 100), quota=100)

    async def test_months_are_apart_and_the_month_of_the_question_pays(self, ledger: UsageLedgerPort) -> None:
        await ledger.reserve(Reservation("a", MARCH, 100), quota=100)
        assert await ledger.reserve(Reservation("b", APRIL, 100), quota=100)
        assert await ledger.settle("a", 60) == MonthUse(60, 0)
        assert (await ledger.month_use(APRIL), await ledger.month_use("2026-05")) == (MonthUse(0, 100), MonthUse(0, 0))

    async def test_without_a_quota_everything_is_reserved_and_counted(self, ledger: UsageLedgerPort) -> None:
        assert await ledger.reserve(Reservation("a", MARCH, 10**9), quota=None)
        assert await ledger.month_use(MARCH) == MonthUse(0, 10**9)

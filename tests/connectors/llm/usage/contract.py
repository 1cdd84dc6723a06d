"""What every usage ledger promises. Subclass it and give the fixture ``ledger``."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from connectors.llm.port import TokenUsage
from connectors.llm.usage import Admission, Allowance, Asker, MonthUse, Reservation, Settled, UsageLedgerPort

MARCH, APRIL = "2026-03", "2026-04"
IN_MARCH = datetime(2026, 3, 10, 12, tzinfo=UTC)
IN_APRIL = datetime(2026, 4, 10, 12, tzinfo=UTC)
ANA, BRUNO = Asker("wa", "ana"), Asker("wa", "bruno")
HELD, USED_UP, ENOUGH = Admission.HELD, Admission.QUOTA_USED_UP, Admission.CONTACT_ASKED_ENOUGH


def question(
    key: str, tokens: int, at: datetime = IN_MARCH, *, asker: Asker = ANA, zone: str = "Europe/Madrid"
) -> Reservation:
    return Reservation(key, tokens, at, zone, asker)


def spent(tokens: int) -> TokenUsage:
    return TokenUsage(output=tokens)


def use(paid: int, reserved: int) -> MonthUse:
    return MonthUse(spent(paid), reserved)


class UsageLedgerContract:
    async def test_what_is_reserved_counts_until_it_is_settled(self, ledger: UsageLedgerPort) -> None:
        assert await ledger.reserve(question("a", 400), Allowance(1000)) is HELD
        assert await ledger.month_use(MARCH) == use(0, 400)
        assert await ledger.settle("a", spent(150), at=IN_MARCH) == Settled(use(150, 0))
        assert await ledger.month_use(MARCH) == use(150, 0)

    async def test_tokens_are_kept_by_what_they_cost(self, ledger: UsageLedgerPort) -> None:
        for key in ("a", "b"):
            await ledger.reserve(question(key, 400), Allowance())
            await ledger.settle(key, TokenUsage(1, 20, 300, 4000), at=IN_MARCH)
        found = await ledger.month_use(MARCH)
        assert (found.paid, found.settled, found.total) == (TokenUsage(2, 40, 600, 8000), 8642, 8642)

    async def test_nothing_is_reserved_beyond_the_quota(self, ledger: UsageLedgerPort) -> None:
        assert await ledger.reserve(question("a", 600), Allowance(1000)) is HELD
        assert await ledger.reserve(question("b", 401), Allowance(1000)) is USED_UP
        assert await ledger.reserve(question("c", 400), Allowance(1000)) is HELD
        assert await ledger.month_use(MARCH) == use(0, 1000)

    async def test_questions_asked_together_do_not_pass_the_quota(self, ledger: UsageLedgerPort) -> None:
        asked = [ledger.reserve(question(f"q{number}", 30), Allowance(1000)) for number in range(100)]
        assert (await asyncio.gather(*asked)).count(HELD) == 33
        settled = [ledger.settle(f"q{number}", spent(30), at=IN_MARCH) for number in range(100)]
        assert sum(found is not None for found in await asyncio.gather(*settled)) == 33
        assert await ledger.month_use(MARCH) == use(990, 0)

    async def test_a_question_of_unknown_cost_needs_room_for_one_token(self, ledger: UsageLedgerPort) -> None:
        assert await ledger.reserve(question("a", 0), Allowance(1)) is HELD
        assert await ledger.reserve(question("with a", 0), Allowance(1)) is USED_UP
        await ledger.settle("a", spent(1), at=IN_MARCH)
        assert await ledger.reserve(question("b", 0), Allowance(1)) is USED_UP
        assert await ledger.reserve(question("c", 0), Allowance(0)) is USED_UP

    async def test_the_same_question_again_is_reserved_once(self, ledger: UsageLedgerPort) -> None:
        assert await ledger.reserve(question("a", 900), Allowance(1000, 1)) is HELD
        assert await ledger.reserve(question("a", 900), Allowance(1000, 1)) is HELD
        assert await ledger.month_use(MARCH) == use(0, 900)

    async def test_a_reservation_is_settled_once(self, ledger: UsageLedgerPort) -> None:
        await ledger.reserve(question("a", 10), Allowance())
        assert await ledger.settle("a", spent(7), at=IN_MARCH) == Settled(use(7, 0))
        assert await ledger.settle("a", spent(7), at=IN_MARCH) is None
        assert await ledger.settle("never", spent(7), at=IN_MARCH) is None
        assert await ledger.month_use(MARCH) == use(7, 0)

    async def test_more_than_was_reserved_is_charged_in_full(self, ledger: UsageLedgerPort) -> None:
        await ledger.reserve(question("a", 10), Allowance(100))
        found = await ledger.settle("a", spent(250), at=IN_MARCH)
        assert found is not None
        assert found.use == use(250, 0)
        assert await ledger.reserve(question("b", 1), Allowance(100)) is USED_UP

    async def test_what_was_not_asked_is_given_back(self, ledger: UsageLedgerPort) -> None:
        await ledger.reserve(question("a", 100), Allowance(100))
        await ledger.release("a")
        await ledger.release("a")
        assert await ledger.month_use(MARCH) == use(0, 0)
        assert await ledger.reserve(question("b", 100), Allowance(100)) is HELD

    async def test_months_are_apart_and_the_month_of_the_question_pays(self, ledger: UsageLedgerPort) -> None:
        last_minute = datetime(2026, 3, 31, 21, 59, tzinfo=UTC)
        await ledger.reserve(question("a", 100, last_minute), Allowance(100))
        assert await ledger.reserve(question("b", 100, last_minute + timedelta(minutes=2)), Allowance(100)) is HELD
        assert await ledger.settle("a", spent(60), at=last_minute) == Settled(use(60, 0))
        assert (await ledger.month_use(APRIL), await ledger.month_use("2026-05")) == (use(0, 100), use(0, 0))

    async def test_the_month_is_that_of_the_tenants_wall(self, ledger: UsageLedgerPort) -> None:
        new_year = datetime(2026, 3, 31, 23, 30, tzinfo=UTC)
        await ledger.reserve(question("madrid", 10, new_year), Allowance())
        await ledger.reserve(question("bogota", 5, new_year, zone="America/Bogota"), Allowance())
        assert (await ledger.month_use(APRIL), await ledger.month_use(MARCH)) == (use(0, 10), use(0, 5))

    async def test_without_a_quota_everything_is_reserved_and_counted(self, ledger: UsageLedgerPort) -> None:
        assert await ledger.reserve(question("a", 10**9), Allowance()) is HELD
        assert await ledger.month_use(MARCH) == use(0, 10**9)

    async def test_a_question_that_nobody_asks_any_more_takes_nothing_from_the_month(
        self, ledger: UsageLedgerPort
    ) -> None:
        await ledger.reserve(question("died", 900), Allowance(1000))
        almost = IN_MARCH + timedelta(minutes=59)
        assert await ledger.reserve(question("b", 200, almost), Allowance(1000)) is USED_UP
        later = IN_MARCH + timedelta(minutes=61)
        assert await ledger.reserve(question("c", 200, later), Allowance(1000)) is HELD
        assert await ledger.month_use(MARCH) == use(0, 200)
        assert await ledger.settle("died", spent(900), at=later) is None

    async def test_one_customer_asks_so_often_a_day_and_no_other_is_meant(self, ledger: UsageLedgerPort) -> None:
        twice = Allowance(None, 2)
        for key in ("a", "b"):
            assert await ledger.reserve(question(key, 10), twice) is HELD
            await ledger.settle(key, spent(1), at=IN_MARCH)
        assert await ledger.reserve(question("c", 10), twice) is ENOUGH
        assert await ledger.reserve(question("d", 10, asker=BRUNO), twice) is HELD
        assert await ledger.reserve(question("e", 10, asker=Asker("web", "ana")), twice) is HELD
        evening = datetime(2026, 3, 10, 22, 30, tzinfo=UTC)
        assert await ledger.reserve(question("f", 10, evening), twice) is ENOUGH
        assert await ledger.reserve(question("g", 10, evening + timedelta(hours=1)), twice) is HELD
        assert await ledger.month_use(MARCH) == use(2, 10)

    async def test_each_mark_is_reached_once_a_month(self, ledger: UsageLedgerPort) -> None:
        reached: list[tuple[int, ...]] = []
        for number, tokens in enumerate((499, 1, 100, 200, 300)):
            key = f"q{number}"
            await ledger.reserve(question(key, 1), Allowance())
            settled = await ledger.settle(key, spent(tokens), at=IN_MARCH, quota=1000)
            assert settled is not None
            reached.append(settled.marks)
        assert reached == [(), (50,), (), (80,), (100,)]
        await ledger.reserve(question("next", 1, IN_APRIL), Allowance())
        settled = await ledger.settle("next", spent(2000), at=IN_APRIL, quota=1000)
        assert settled is not None
        assert settled.marks == (50, 80, 100)

    async def test_a_month_without_room_has_reached_its_end(self, ledger: UsageLedgerPort) -> None:
        await ledger.reserve(question("a", 1), Allowance())
        await ledger.settle("a", spent(950), at=IN_MARCH, quota=1000)
        assert await ledger.reserve(question("b", 100), Allowance(1000)) is USED_UP
        await ledger.reserve(question("c", 1), Allowance())
        settled = await ledger.settle("c", spent(60), at=IN_MARCH, quota=1000)
        assert settled is not None
        assert settled.marks == ()

"""The ledger in memory, months on the wall calendar, and the marks that warn."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from connectors.llm.usage import InMemoryUsageLedger, UsageLedgerPort, month_of, reached_marks
from tests.connectors.llm.usage.contract import UsageLedgerContract


class TestInMemory(UsageLedgerContract):
    @pytest.fixture
    def ledger(self) -> UsageLedgerPort:
        return InMemoryUsageLedger()


_MONTHS = {
    "the last minutes of March in Madrid": (datetime(2026, 3, 31, 21, 59, tzinfo=UTC), "Europe/Madrid", "2026-03"),
    "the first of April in Madrid, still March in UTC": (
        datetime(2026, 3, 31, 22, 0, tzinfo=UTC),
        "Europe/Madrid",
        "2026-04",
    ),
    "already April in UTC, still March in Lima": (datetime(2026, 4, 1, 4, 59, tzinfo=UTC), "America/Lima", "2026-03"),
    "new year in Auckland": (datetime(2026, 12, 31, 11, 0, tzinfo=UTC), "Pacific/Auckland", "2027-01"),
}


@pytest.mark.parametrize(("at", "timezone", "month"), _MONTHS.values(), ids=_MONTHS)
def test_a_question_belongs_to_the_month_of_the_tenants_wall(at: datetime, timezone: str, month: str) -> None:
    assert month_of(at, timezone) == month


_MARKS: dict[str, tuple[int, int | None, tuple[int, ...]]] = {
    "below all": (499, 1000, ()),
    "exactly half": (500, 1000, (50,)),
    "two": (800, 1000, (50, 80)),
    "all": (1000, 1000, (50, 80, 100)),
    "past the end": (1200, 1000, (50, 80, 100)),
    "no quota": (10_000, None, ()),
    "a quota of nothing": (0, 0, ()),
    "a quota that is no round number": (2, 3, (50,)),
}


@pytest.mark.parametrize(("settled", "quota", "marks"), _MARKS.values(), ids=_MARKS)
def test_the_marks_that_a_month_has_reached(settled: int, quota: int | None, marks: tuple[int, ...]) -> None:
    assert reached_marks(settled, quota) == marks

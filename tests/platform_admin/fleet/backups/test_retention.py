"""Which copies go and which stay."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from platform_admin.fleet.backups.retention import ALL, DAILY, OLDEST, past, superfluous
from platform_admin.fleet.backups.store import CopyName

NOW = datetime(2026, 3, 31, 12, tzinfo=UTC)


def copies(*ages: timedelta) -> list[CopyName]:
    return [CopyName("luna", NOW - age) for age in ages]


def hours(*numbers: float) -> list[CopyName]:
    return copies(*(timedelta(hours=number) for number in numbers))


def test_everything_of_two_days_stays() -> None:
    assert superfluous(hours(0, 1, 2, 24, 47), now=NOW) == ()


def test_of_an_older_day_the_last_stays() -> None:
    (early, late) = copies(timedelta(days=4, hours=9), timedelta(days=4, hours=2))
    assert superfluous([*hours(1), early, late], now=NOW) == (early,)


def test_of_an_older_week_the_last_stays() -> None:
    monday, sunday = (CopyName("luna", datetime(2026, 3, day, 12, tzinfo=UTC)) for day in (9, 15))
    assert superfluous([*hours(1), monday, sunday], now=NOW) == (monday,)


def test_what_is_too_old_goes_the_newest_as_well() -> None:
    young, old, older = copies(OLDEST, OLDEST + timedelta(seconds=1), timedelta(days=200))
    assert superfluous([young, old, older], now=NOW) == (older, old)
    assert superfluous([old, older], now=NOW) == (older, old)


def test_the_limit_is_the_owners() -> None:
    (young, old) = copies(timedelta(days=3), timedelta(days=3, seconds=1))
    assert superfluous([young, old], now=NOW, oldest=timedelta(days=3)) == (old,)
    assert past([young, old], now=NOW, kept=timedelta(days=3)) == (old,)


ages = st.lists(st.timedeltas(timedelta(), timedelta(days=60)), max_size=60)


@given(ages)
def test_dropping_is_settled_and_takes_the_newest_only_when_it_is_too_old(some: list[timedelta]) -> None:
    present = sorted(set(copies(*some)))
    gone = superfluous(present, now=NOW)
    left = [copy for copy in present if copy not in gone]
    assert superfluous(left, now=NOW) == ()
    assert left[-1:] == [copy for copy in present[-1:] if NOW - copy.at <= OLDEST]
    assert all(NOW - copy.at <= OLDEST for copy in left)
    assert all(NOW - copy.at > ALL for copy in gone)
    assert sum(NOW - copy.at > ALL for copy in left) <= DAILY.days + 1 + OLDEST.days // 7 + 2

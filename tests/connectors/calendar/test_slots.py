"""Free times by the minute, above all where clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.calendar.intervals import Interval
from connectors.calendar.opening_hours import WEEKDAYS, OpeningHours, WeeklyHours, parse_weekly_hours
from connectors.calendar.slots import Agenda, SlotRules, compute_slots, nearest_to, spread_over_day

MADRID = ZoneInfo("Europe/Madrid")
DAY = date(2026, 11, 24)


def hours(*spans: str) -> WeeklyHours:
    return parse_weekly_hours({weekday: list(spans) for weekday in WEEKDAYS})


def shown(
    day: date,
    opening: WeeklyHours,
    zone: ZoneInfo = MADRID,
    *,
    minutes: int = 30,
    step: int = 30,
    busy: tuple[Interval, ...] = (),
    not_before: datetime | None = None,
) -> list[str]:
    """The slots as the wall clock and its offset show them."""
    rules = SlotRules(timedelta(minutes=step), timedelta(minutes=minutes), not_before=not_before)
    slots = compute_slots(day, 1, zone, rules, [Agenda("eva", OpeningHours(opening), busy)])
    return [f"{slot.astimezone(zone):%H:%M%z}" for slot in slots]


def at(text: str, day: date = DAY, zone: ZoneInfo = MADRID) -> datetime:
    return datetime.combine(day, time.fromisoformat(text), tzinfo=zone)


def test_slots_fill_each_opening_span_from_its_start() -> None:
    assert shown(DAY, hours("10:00-11:00", "17:15-18:00")) == ["10:00+0100", "10:30+0100", "17:15+0100"]


def test_a_closed_day_has_none() -> None:
    assert shown(DAY, parse_weekly_hours({})) == []


def test_the_end_of_the_day_can_be_a_closing_time() -> None:
    assert shown(DAY, hours("23:00-24:00")) == ["23:00+0100", "23:30+0100"]


def test_touching_a_busy_interval_is_not_overlapping_it() -> None:
    busy = (Interval(at("10:30"), at("11:00")),)
    assert shown(DAY, hours("10:00-11:30"), busy=busy) == ["10:00+0100", "11:00+0100"]


def test_a_minute_of_overlap_takes_the_slot() -> None:
    busy = (Interval(at("10:29"), at("10:31")),)
    assert shown(DAY, hours("10:00-11:30"), busy=busy) == ["11:00+0100"]


def test_nothing_starts_before_the_notice_ends() -> None:
    assert shown(DAY, hours("10:00-11:30"), not_before=at("10:30")) == ["10:30+0100", "11:00+0100"]


def test_a_skipped_hour_is_not_offered() -> None:
    spring = date(2026, 3, 29)  # Madrid: 02:00 becomes 03:00
    assert shown(spring, hours("01:00-04:00")) == ["01:00+0100", "01:30+0100", "03:00+0200", "03:30+0200"]


def test_a_service_over_the_skipped_hour_lasts_as_long_as_it_lasts() -> None:
    spring = date(2026, 3, 29)
    # 01:30 to 04:00 by the clock are ninety minutes.
    assert shown(spring, hours("01:00-04:00"), minutes=90) == ["01:00+0100", "01:30+0100"]


def test_of_an_hour_that_happens_twice_the_first_is_offered() -> None:
    autumn = date(2026, 10, 25)  # Madrid: 03:00 becomes 02:00
    assert shown(autumn, hours("01:30-03:30")) == [
        "01:30+0200",
        "02:00+0200",
        "02:30+0200",
        "03:00+0100",
    ]


def test_busy_in_the_second_of_two_equal_hours_leaves_the_first_free() -> None:
    autumn = date(2026, 10, 25)
    second = datetime(2026, 10, 25, 2, 0, fold=1, tzinfo=MADRID).astimezone(UTC)
    busy = (Interval(second, second + timedelta(hours=1)),)
    assert "02:00+0200" in shown(autumn, hours("01:30-03:30"), busy=busy)


def test_a_zone_that_changes_at_midnight_loses_the_skipped_hour() -> None:
    # Santiago: on 2026-09-06 00:00 becomes 01:00.
    zone = ZoneInfo("America/Santiago")
    assert shown(date(2026, 9, 6), hours("00:00-02:00"), zone) == ["01:00-0300", "01:30-0300"]


def test_a_zone_with_a_half_hour_change_keeps_its_grid() -> None:
    # Lord Howe: on 2026-10-04 02:00 becomes 02:30.
    zone = ZoneInfo("Australia/Lord_Howe")
    assert shown(date(2026, 10, 4), hours("01:30-03:30"), zone) == ["01:30+1030", "02:30+1100", "03:00+1100"]


@given(st.integers(0, 200), st.integers(1, 10))
def test_a_spread_keeps_the_ends_the_order_and_the_limit(count: int, limit: int) -> None:
    spread = spread_over_day(range(count), limit)
    assert len(spread) == min(count, limit)
    assert list(spread) == sorted(set(spread))
    if count:
        assert spread[0] == 0
    if len(spread) > 1:
        assert spread[-1] == count - 1


@given(st.lists(st.integers(0, 1_440), unique=True).map(sorted), st.integers(0, 1_440), st.integers(1, 10))
def test_the_nearest_are_in_order_and_nobody_left_out_is_nearer(minutes: list[int], wanted: int, limit: int) -> None:
    day = datetime(2026, 11, 24, tzinfo=UTC)
    slots = [day + timedelta(minutes=minute) for minute in minutes]
    moment = day + timedelta(minutes=wanted)
    shown = nearest_to(moment, slots, limit)
    assert len(shown) == min(len(slots), limit)
    assert list(shown) == sorted(set(shown))
    left_out = set(slots) - set(shown)
    assert not left_out or min(abs(slot - moment) for slot in left_out) >= max(abs(slot - moment) for slot in shown)
    assert moment in shown or moment not in slots


_FAULTS = {
    "a list": ([], "must be a mapping"),
    "an unknown weekday": ({"lunes": []}, "unknown weekday 'lunes'"),
    "a text for a day": ({"mon": "10:00-14:00"}, "mon must be a list"),
    "a span that is none": ({"mon": ["morning"]}, "mon has a span"),
    "a span that ends at once": ({"mon": ["10:00-10:00"]}, "closes before it opens"),
    "a span past midnight": ({"mon": ["22:00-02:00"]}, "closes before it opens"),
    "an hour there is none": ({"mon": ["10:00-25:00"]}, "mon has a span"),
    "spans that overlap": ({"mon": ["10:00-14:00", "13:00-15:00"]}, "overlap"),
    "a number": ({"mon": [600]}, "mon has a span"),
}


@pytest.mark.parametrize(("schedule", "words"), _FAULTS.values(), ids=_FAULTS.keys())
def test_opening_hours_are_refused(schedule: object, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse_weekly_hours(schedule)  # type: ignore[arg-type] # a literal is wider than JSON


def test_opening_hours_are_kept_in_order() -> None:
    assert [span.opens for span in hours("17:00-21:00", "10:00-14:00").on(DAY)] == [600, 1020]

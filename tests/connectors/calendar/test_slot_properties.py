"""``compute_slots`` against a search that goes through the instants one by one and knows nothing of grids or gaps."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.calendar.intervals import Interval
from connectors.calendar.opening_hours import OpeningHours, OpenSpan, WeeklyHours
from connectors.calendar.slots import Agenda, Occupancy, SlotRules, compute_slots

_DAYS = {
    "an ordinary day": ("Europe/Madrid", date(2026, 11, 24)),
    "clocks go forward": ("Europe/Madrid", date(2026, 3, 29)),
    "clocks go back": ("Europe/Madrid", date(2026, 10, 25)),
    "forward at midnight": ("America/Santiago", date(2026, 9, 6)),
    "back at midnight": ("America/Santiago", date(2026, 4, 4)),
    "half an hour forward": ("Australia/Lord_Howe", date(2026, 10, 4)),
    "half an hour back": ("Australia/Lord_Howe", date(2026, 4, 5)),
    "no summer time": ("Asia/Kathmandu", date(2026, 6, 1)),
    "a day that was skipped": ("Pacific/Apia", date(2011, 12, 29)),
}

_CALENDARS_IN_THE_LONG_PROFILE = 50_000

type Case = tuple[date, int, ZoneInfo, SlotRules, list[Agenda], list[Occupancy]]

_MINUTE = st.integers(0, 24 * 60)


@st.composite
def _spans(draw: st.DrawFn) -> tuple[OpenSpan, ...]:
    edges = sorted(draw(st.lists(_MINUTE, max_size=6, unique=True)))
    return tuple(OpenSpan(*pair) for pair in zip(edges[::2], edges[1::2], strict=False))


@st.composite
def _intervals(draw: st.DrawFn, midnight: datetime) -> list[Interval]:
    found = []
    for start, length in draw(st.lists(st.tuples(st.integers(-300, 3 * 1440), st.integers(0, 400)), max_size=5)):
        begins = midnight + timedelta(minutes=start, seconds=draw(st.sampled_from([0, 0, 0, 7])))
        found.append(Interval(begins, begins + timedelta(minutes=length)))
    return found


@st.composite
def _cases(draw: st.DrawFn) -> Case:
    name, day = draw(st.sampled_from(list(_DAYS.values())))
    zone = ZoneInfo(name)
    midnight = datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)
    week = WeeklyHours(tuple([draw(_spans())] * 7))
    hours = OpeningHours(week)
    if draw(st.booleans()):
        hours = OpeningHours(WeeklyHours(tuple([draw(_spans())] * 7)), within=hours)
    if draw(st.integers(0, 4)) == 0:
        hours = OpeningHours(week, special={day: draw(_spans())}, holidays=frozenset({day + timedelta(days=1)}))
    rules = SlotRules(
        step=timedelta(minutes=draw(st.sampled_from([15, 30, 45]))),
        duration=timedelta(minutes=draw(st.integers(5, 180))),
        before=timedelta(minutes=draw(st.sampled_from([0, 0, 10, 25]))),
        after=timedelta(minutes=draw(st.sampled_from([0, 0, 5, 40]))),
        not_before=draw(st.none() | st.integers(0, 1500).map(lambda minute: midnight + timedelta(minutes=minute))),
        max_per_day=draw(st.none() | st.integers(1, 3)),
    )
    staff = [
        Agenda(f"staff {number}", hours, draw(_intervals(midnight)), Counter({day: draw(st.integers(0, 3))}))
        for number in range(draw(st.integers(0, 3)))
    ]
    resources = [Occupancy(draw(_intervals(midnight)), draw(st.integers(1, 2))) for _ in range(draw(st.integers(0, 2)))]
    return day, draw(st.integers(1, 2)), zone, rules, staff, resources


def check_against_the_oracle(case: Case) -> None:
    day, days, zone, rules, staff, resources = case
    found = compute_slots(day, days, zone, rules, staff, resources)
    expected = set()
    for shown in (day + timedelta(days=offset) for offset in range(days)):
        for agenda in staff:
            if rules.max_per_day is None or agenda.booked.get(shown, 0) < rules.max_per_day:
                expected |= set(_search(shown, zone, rules, agenda, resources))
    assert found == sorted(expected)
    assert all(slot.tzinfo is UTC for slot in found)


@functools.cache
def _wall(day: date, zone: ZoneInfo) -> tuple[tuple[datetime, int], ...]:
    """The instants of the day and the minute that the clock on the wall shows, the first of each minute only."""
    found: dict[int, datetime] = {}
    begins = datetime.combine(day, time(), tzinfo=UTC) - timedelta(hours=15)
    for minute in range(54 * 60):
        instant = begins + timedelta(minutes=minute)
        local = instant.astimezone(zone)
        if local.date() == day:
            found.setdefault(local.hour * 60 + local.minute, instant)
    return tuple((instant, of_day) for of_day, instant in found.items())


def _search(day: date, zone: ZoneInfo, rules: SlotRules, agenda: Agenda, resources: list[Occupancy]) -> list[datetime]:
    """Goes through every minute of the day."""
    found: list[datetime] = []
    step = int(rules.step.total_seconds()) // 60
    for span in agenda.hours.on(day):
        for instant, of_day in _wall(day, zone):
            on_grid = span.opens <= of_day < span.closes and (of_day - span.opens) % step == 0
            if on_grid and _fits(instant, day, span, zone, rules, agenda, resources):
                found.append(instant)
    return found


def _fits(
    start: datetime,
    day: date,
    span: OpenSpan,
    zone: ZoneInfo,
    rules: SlotRules,
    agenda: Agenda,
    resources: list[Occupancy],
) -> bool:
    end = start + rules.duration
    if end > _closing(day, span.closes, zone) or (rules.not_before is not None and start < rules.not_before):
        return False
    blocked = Interval(start - rules.before, end + rules.after)
    if any(busy.start < busy.end and blocked.overlaps(busy) for busy in agenda.busy):
        return False
    return all(_most_at_once(blocked, resource.busy) < resource.capacity for resource in resources)


def _most_at_once(blocked: Interval, busy: Sequence[Interval]) -> int:
    inside = [each for each in busy if each.start < each.end and blocked.overlaps(each)]
    moments = [blocked.start, *(each.start for each in inside if blocked.start < each.start)]
    return max(sum(each.start <= moment < each.end for each in inside) for moment in moments)


def _closing(day: date, minute: int, zone: ZoneInfo) -> datetime:
    day, minute = (day + timedelta(days=1), 0) if minute == 24 * 60 else (day, minute)
    return datetime.combine(day, time(minute // 60, minute % 60), tzinfo=zone).astimezone(UTC)


@given(_cases())
def test_slots_are_exactly_those_a_minute_by_minute_search_finds(case: Case) -> None:
    check_against_the_oracle(case)


@pytest.mark.long
@settings(max_examples=_CALENDARS_IN_THE_LONG_PROFILE)
@given(_cases())
def test_fifty_thousand_calendars_agree_with_the_search(case: Case) -> None:
    check_against_the_oracle(case)


@given(_cases())
def test_no_slot_overlaps_what_is_busy_or_leaves_the_opening_hours(case: Case) -> None:
    day, days, zone, rules, staff, resources = case
    for agenda in staff:
        for start in compute_slots(day, days, zone, rules, [agenda], resources):
            local = start.astimezone(zone)
            open_for_it = [
                span
                for span in agenda.hours.on(local.date())
                if span.opens <= local.hour * 60 + local.minute
                and start + rules.duration <= _closing(local.date(), span.closes, zone)
            ]
            assert open_for_it
            blocked = Interval(start - rules.before, start + rules.duration + rules.after)
            assert not [busy for busy in agenda.busy if busy.start < busy.end and blocked.overlaps(busy)]


@given(_cases())
def test_the_slots_of_a_group_are_those_of_its_members_together(case: Case) -> None:
    day, days, zone, rules, staff, resources = case
    alone = {slot for agenda in staff for slot in compute_slots(day, days, zone, rules, [agenda], resources)}
    assert compute_slots(day, days, zone, rules, staff, resources) == sorted(alone)

"""A salon of ten people over sixty days, as its customers ask for a free time."""

from __future__ import annotations

import random
import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bench.figure import Figure, figure
from connectors.calendar.intervals import Interval
from connectors.calendar.opening_hours import OpeningHours, parse_weekly_hours
from connectors.calendar.slots import Agenda, SlotRules, compute_slots
from connectors.plain_json import JSON

ROUNDS = 21
DAYS = 60
STAFF = 10
EVENTS = 500
SLOTS = "<= 20 ms for 60 days of ten people, two spans a day, a step of 30 minutes, 500 events, buffers, notice"

_ZONE = ZoneInfo("Europe/Madrid")
_FIRST = date(2026, 3, 1)
"""The clocks change within the sixty days, as they do in one of six askings."""


def slots_figure() -> Figure:
    """``calendar.slots_ms``."""
    staff, rules = _salon()
    return figure("calendar.slots_ms", [_slots_ms(staff, rules) for _ in range(ROUNDS)], unit="ms", against=SLOTS)


def _salon() -> tuple[list[Agenda], SlotRules]:
    chance = random.Random(7)
    hours = OpeningHours(parse_weekly_hours(dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), _spans())))
    begins = datetime(_FIRST.year, _FIRST.month, _FIRST.day, tzinfo=_ZONE).astimezone(UTC)
    busy: list[list[Interval]] = [[] for _ in range(STAFF)]
    for number in range(EVENTS):
        start = begins + timedelta(days=chance.randrange(DAYS), minutes=5 * chance.randrange(8 * 12, 20 * 12))
        busy[number % STAFF].append(Interval(start, start + timedelta(minutes=chance.choice((20, 30, 45, 90)))))
    rules = SlotRules(
        step=timedelta(minutes=30),
        duration=timedelta(minutes=45),
        before=timedelta(minutes=5),
        after=timedelta(minutes=10),
        not_before=begins + timedelta(hours=11),
    )
    return [Agenda(f"staff {number}", hours, taken) for number, taken in enumerate(busy)], rules


def _spans() -> list[JSON]:
    return ["10:00-14:00", "17:00-21:00"]


def _slots_ms(staff: list[Agenda], rules: SlotRules) -> float:
    began = time.process_time()  # it only computes; wall time would measure the neighbours
    slots = compute_slots(_FIRST, DAYS, _ZONE, rules, staff)
    spent = (time.process_time() - began) * 1_000
    if len(slots) < DAYS or slots[0].tzinfo is not UTC:
        raise AssertionError(f"a salon with ten people has more than {len(slots)} free times")
    return spent

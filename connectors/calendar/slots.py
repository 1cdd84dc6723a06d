"""Free times: a pure function over opening hours, people, things and what is booked already.

Slots stand on the wall clock of the business (a step from opening time on) and are compared as
instants in UTC, because only instants overlap. A wall-clock time that the change to summer time
skips is not offered; of one that happens twice, the first is.

On a day whose clock runs evenly all of it is arithmetic on whole seconds; only on the two days a year on
which it does not is each time looked up.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from math import ceil, floor
from typing import NamedTuple
from zoneinfo import ZoneInfo

from connectors.calendar.intervals import Interval, saturated
from connectors.calendar.opening_hours import OpeningHours, OpenSpan
from connectors.calendar.wall_clock import closing, local_to_utc, midnight_of_even_day


@dataclass(frozen=True, slots=True)
class SlotRules:
    """What is looked for, and how.

    A slot begins ``step`` after the one before it within each opening span, not before ``not_before`` (aware), and
    ends no later than the span. ``before`` and ``after`` are buffers: nothing else may be booked in them, and they may
    lie outside of the opening hours. Nobody gets more than ``max_per_day`` appointments on a day.
    """

    step: timedelta
    duration: timedelta
    before: timedelta = timedelta()
    after: timedelta = timedelta()
    not_before: datetime | None = None
    max_per_day: int | None = None


@dataclass(frozen=True, slots=True)
class Agenda:
    """One person: when they work, when they are busy, and how many appointments they have on which day."""

    id: str
    hours: OpeningHours
    busy: Sequence[Interval] = ()
    booked: Mapping[date, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Occupancy:
    """A thing that the appointment needs as well: when it is in use, and how many may use it at once."""

    busy: Sequence[Interval]
    capacity: int = 1


def compute_slots(
    first: date,
    days: int,
    zone: ZoneInfo,
    rules: SlotRules,
    staff: Iterable[Agenda],
    resources: Iterable[Occupancy] = (),
) -> list[datetime]:
    """Every start (aware UTC, ascending, each once) in ``days`` days from ``first`` at which somebody is free.

    ``staff`` serve one at a time and each other's place; ``resources`` are all needed.
    """
    in_use = [full for needed in resources for full in saturated(needed.busy, needed.capacity)]
    calendar = [(day, midnight_of_even_day(day, zone)) for day in (first + timedelta(days=n) for n in range(days))]
    grid = _Grid.of(rules)
    found: set[int] = set()
    for agenda in staff:
        busy = _merged([*agenda.busy, *in_use])
        for day, midnight in calendar:
            if rules.max_per_day is not None and agenda.booked.get(day, 0) >= rules.max_per_day:
                continue
            for span in agenda.hours.on(day):
                if midnight is not None:
                    _add_even(found, midnight + span.opens * 60, midnight + span.closes * 60, busy, grid)
                else:
                    _add_looked_up(found, day, span, zone, busy, grid)
    return [datetime.fromtimestamp(second, UTC) for second in sorted(found)]


class _Grid(NamedTuple):
    """``SlotRules`` in whole seconds, rounded to the careful side."""

    step: int
    duration: int
    before: int
    after: int
    not_before: int

    @classmethod
    def of(cls, rules: SlotRules) -> _Grid:
        return cls(
            step=int(rules.step.total_seconds()),
            duration=ceil(rules.duration.total_seconds()),
            before=ceil(rules.before.total_seconds()),
            after=ceil(rules.after.total_seconds()),
            not_before=0 if rules.not_before is None else ceil(rules.not_before.timestamp()),
        )


class _Busy(NamedTuple):
    """Disjoint stretches in order: their starts, and their ends."""

    starts: list[int]
    ends: list[int]


def _merged(intervals: Iterable[Interval]) -> _Busy:
    starts: list[int] = []
    ends: list[int] = []
    for start, end in sorted((floor(each.start.timestamp()), ceil(each.end.timestamp())) for each in intervals):
        if start >= end:
            continue  # nothing takes no time
        if ends and start <= ends[-1]:
            ends[-1] = max(ends[-1], end)
        else:
            starts.append(start)
            ends.append(end)
    return _Busy(starts, ends)


def _add_even(found: set[int], opens: int, closes: int, busy: _Busy, grid: _Grid) -> None:
    """Walk over the gaps between busy stretches and add what of the grid fits into each."""
    step, duration, before, after, not_before = grid
    starts, ends = busy
    last = closes - duration
    gap_from = not_before
    index = bisect_right(ends, opens - before)
    while True:
        # The first of the grid from `gap_from` on.
        earliest = opens if gap_from <= opens else opens + -(-(gap_from - opens) // step) * step
        if earliest > last:
            return
        if index == len(starts):
            found.update(range(earliest, last + 1, step))
            return
        found.update(range(earliest, min(last, starts[index] - duration - after) + 1, step))
        gap_from = max(not_before, ends[index] + before)
        index += 1


def _add_looked_up(found: set[int], day: date, span: OpenSpan, zone: ZoneInfo, busy: _Busy, grid: _Grid) -> None:
    """Look up each time of the grid: the clock of this day skips or repeats some."""
    closes = int(closing(day, span.closes, zone).timestamp())
    for minute in range(span.opens, span.closes, grid.step // 60):
        instant = local_to_utc(day, time(minute // 60, minute % 60), zone)
        if instant is None:
            continue
        start = int(instant.timestamp())
        if start >= grid.not_before and start + grid.duration <= closes and _is_free(start, busy, grid):
            found.add(start)


def _is_free(start: int, busy: _Busy, grid: _Grid) -> bool:
    following = bisect_right(busy.ends, start - grid.before)
    return following == len(busy.starts) or start + grid.duration + grid.after <= busy.starts[following]


def nearest_to(moment: datetime, slots: Sequence[datetime], limit: int) -> tuple[datetime, ...]:
    """At most ``limit`` of ``slots``, the nearest to ``moment``, in their own order; it itself when it is one."""
    by_distance = sorted(slots, key=lambda slot: abs(slot - moment))
    return tuple(sorted(by_distance[:limit]))


def spread_over_day[T](slots: Sequence[T], limit: int) -> tuple[T, ...]:
    """At most ``limit`` of ``slots``, evenly spread, first and last included."""
    if len(slots) <= limit:
        return tuple(slots)
    if limit == 1:
        return (slots[0],)
    last = len(slots) - 1
    return tuple(slots[round(index * last / (limit - 1))] for index in range(limit))

"""Free times: a pure function over opening hours and busy intervals, right on the days clocks change.

Slots stand on the wall clock of the business (a step from opening time on) and are compared as
instants in UTC, because only instants overlap. A wall-clock time that the change to summer time
skips is not offered; of one that happens twice, the first is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from connectors.calendar.opening_hours import WeeklyHours

_MINUTES_PER_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch of time, end excluded. Aware datetimes."""

    start: datetime
    end: datetime

    def overlaps(self, other: Interval) -> bool:
        return self.start < other.end and other.start < self.end


def compute_slots(
    day: date,
    hours: WeeklyHours,
    zone: ZoneInfo,
    *,
    step: timedelta,
    duration: timedelta,
    busy: Iterable[Interval] = (),
    not_before: datetime | None = None,
) -> tuple[datetime, ...]:
    """Every start (aware UTC, ascending) on ``day`` at which ``duration`` fits.

    A slot begins ``step`` after the one before it within each opening span, ends no later than the
    span, touches no ``busy`` interval and does not start before ``not_before``.
    """
    taken = tuple(busy)
    step_minutes = int(step.total_seconds()) // 60
    slots: list[datetime] = []
    for span in hours.on(day):
        closes = _close(day, span.closes, zone)
        for minute in range(span.opens, span.closes, step_minutes):
            start = local_to_utc(day, time(minute // 60, minute % 60), zone)
            if start is None or (not_before is not None and start < not_before):
                continue
            slot = Interval(start, start + duration)
            if slot.end <= closes and not any(slot.overlaps(interval) for interval in taken):
                slots.append(start)
    return tuple(slots)


def local_to_utc(day: date, wall: time, zone: ZoneInfo) -> datetime | None:
    """The instant at which the clock of ``zone`` first shows ``wall`` on ``day``; ``None`` if it never does."""
    local = datetime.combine(day, wall, tzinfo=zone)
    instant = local.astimezone(UTC)
    # A skipped wall-clock time does not survive the way there and back.
    return instant if instant.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None) else None


def spread_over_day[T](slots: Sequence[T], limit: int) -> tuple[T, ...]:
    """At most ``limit`` of ``slots``, evenly spread, first and last included."""
    if len(slots) <= limit:
        return tuple(slots)
    if limit == 1:
        return (slots[0],)
    last = len(slots) - 1
    return tuple(slots[round(index * last / (limit - 1))] for index in range(limit))


def _close(day: date, minute: int, zone: ZoneInfo) -> datetime:
    if minute == _MINUTES_PER_DAY:
        day, minute = day + timedelta(days=1), 0
    # A closing time that is skipped is read with the offset from before the change, which is the
    # later instant: the business is open until the clock has passed it.
    return datetime.combine(day, time(minute // 60, minute % 60), tzinfo=zone).astimezone(UTC)

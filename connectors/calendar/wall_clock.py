"""From the clock on the wall to instants, right on the days clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MINUTES_PER_DAY = 24 * 60

_LOOKED_AT = (0, 6, 12, 18)
"""Hours of a day whose offsets are compared; no zone has two changes within six hours."""


def local_to_utc(day: date, wall: time, zone: ZoneInfo) -> datetime | None:
    """The instant at which the clock of ``zone`` first shows ``wall`` on ``day``; ``None`` if it never does."""
    local = datetime.combine(day, wall, tzinfo=zone)
    instant = local.astimezone(UTC)
    # A skipped wall-clock time does not survive the way there and back.
    return instant if instant.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None) else None


def closing(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """The instant (UTC) at which what closes ``minute`` minutes after midnight of ``day`` is closed.

    A closing time that is skipped is read with the offset from before the change, which is the later instant: the
    business is open until the clock has passed it.
    """
    if minute == MINUTES_PER_DAY:
        day, minute = day + timedelta(days=1), 0
    return datetime.combine(day, time(minute // 60, minute % 60), tzinfo=zone).astimezone(UTC)


def day_bounds(first: date, last: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From the beginning of ``first`` to the end of ``last`` (UTC)."""
    return closing(first, 0, zone), closing(last, MINUTES_PER_DAY, zone)


def midnight_of_even_day(day: date, zone: ZoneInfo) -> int | None:
    """Seconds since 1970 of the beginning of ``day``; ``None`` on a day that clocks change."""
    begins = datetime.combine(day, time(), tzinfo=zone)
    offset = begins.utcoffset()
    hours = [begins.replace(hour=hour).utcoffset() for hour in _LOOKED_AT]
    hours.append(datetime.combine(day + timedelta(days=1), time(), tzinfo=zone).utcoffset())
    # A day that begins twice (fold) has equal offsets all day and is still no even one.
    return (
        int(begins.timestamp()) if all(hour == offset == begins.replace(fold=1).utcoffset() for hour in hours) else None
    )

"""When a recurring task is due next. Pure: (plan, after) → moment.

A cron line has five fields and is read in the tenant's zone, with 0 and 7 for Sunday as in crontab(5).
Where both day fields are restricted, both must hold. A wall time that daylight saving skips runs as if the
clock had not been moved; one that occurs twice runs once, unless the line speaks of every hour.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from apscheduler.triggers.cron import CronTrigger

from runtime.ports.conversation_store import PlannedTask

_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat", "sun")
"""crontab(5) numbers; APScheduler counts from Monday, so numbers are turned into names."""


def next_due(task: PlannedTask, after: datetime) -> datetime | None:
    """The first due time after ``after``, aware, in UTC; ``None`` for a task that runs once or never again.

    An interval keeps its phase: turns missed while the runtime was down are skipped, not caught up.
    """
    if task.interval_seconds is not None:
        return _next_of_interval(task.due_at, task.interval_seconds, after)
    if task.cron is not None:
        return next_of_cron(task.cron, task.timezone, after)
    return None


def next_of_cron(cron: str, timezone: str, after: datetime) -> datetime | None:
    """The first moment after ``after`` that matches. Raises ``ValueError`` for a line that is no cron line."""
    fields = cron.split()
    if len(fields) != 5:  # noqa: PLR2004 - minute, hour, day, month, weekday
        raise ValueError(f"a cron line has five fields: {cron!r}")
    minute, hour, day, month, weekday = fields
    zone = ZoneInfo(timezone)
    trigger = CronTrigger(
        minute=minute,
        hour=hour,
        day=day,
        month=month,
        day_of_week=",".join(_named(part) for part in weekday.split(",")),
        timezone=zone,
    )
    found = _next_after(trigger, after)
    while found is not None and not hour.startswith("*") and found.astimezone(zone).fold:
        found = _next_after(trigger, found)  # the second 02:30 of the night the clock goes back
    return found


def _next_after(trigger: CronTrigger, after: datetime) -> datetime | None:
    found: datetime | None = trigger.get_next_fire_time(None, after.astimezone(UTC) + timedelta(microseconds=1))
    return None if found is None else found.astimezone(UTC)


def _next_of_interval(due_at: datetime, interval_seconds: int, after: datetime) -> datetime:
    interval = timedelta(seconds=max(interval_seconds, 1))
    if due_at > after:
        return due_at
    return due_at + interval * ((after - due_at) // interval + 1)


def _named(part: str) -> str:
    """One item of the weekday field with names for numbers; ranges are spelt out, so they may wrap."""
    span, _, step = part.partition("/")
    first, _, last = span.partition("-")
    if span == "*" and step.isdigit():
        first, last = "0", "6"
    if not first.isdigit() or (last and not last.isdigit()):
        return part
    start, stop = int(first), int(last or first)
    if step and not last and span != "*":
        stop = 6
    if stop < start:
        stop += 7
    if start > 7 or stop > 13 or (step and not int(step)):  # noqa: PLR2004 - 7 is Sunday again
        raise ValueError(f"no weekday of a cron line: {part!r}")
    return ",".join(dict.fromkeys(_WEEKDAYS[day % 7] for day in range(start, stop + 1, int(step or 1))))

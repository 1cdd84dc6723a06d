from __future__ import annotations

from dataclasses import dataclass

from flow_engine.program.reading import Fields


@dataclass(frozen=True, slots=True)
class StandingSchedule:
    """A task that runs again and again from the day the program is live; the driver registers it.

    Exactly one of ``cron`` (five fields, in the tenant's zone) and ``interval_seconds`` is set.
    """

    id: str
    task: str
    cron: str | None
    interval_seconds: int | None


def read_standing_schedule(fields: Fields) -> StandingSchedule:
    schedule = StandingSchedule(
        id=fields.name("id"),
        task=fields.name("task"),
        cron=fields.optional_text("cron"),
        interval_seconds=fields.optional_whole_number("interval_seconds"),
    )
    if (schedule.cron is None) == (schedule.interval_seconds is None):
        fields.fail("cron", "exactly one of cron and interval_seconds was expected")
    return schedule

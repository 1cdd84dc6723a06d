from __future__ import annotations

from dataclasses import dataclass

from flow_engine.errors import ExpressionError
from flow_engine.expressions import Template, ValueTemplate, compile_template
from flow_engine.program.reading import Fields


@dataclass(frozen=True, slots=True)
class ForEach:
    """For whom a standing schedule runs: each item of the list that a connector operation returns.

    ``contact`` renders, with the item in scope, to the id of the contact on the channel.
    """

    connector: str
    operation: str
    params: ValueTemplate
    contact: Template


@dataclass(frozen=True, slots=True)
class StandingSchedule:
    """A task that runs again and again from the day the program is live; the driver registers it.

    Exactly one of ``cron`` (five fields, in the tenant's zone) and ``interval_seconds`` is set.
    """

    id: str
    task: str
    cron: str | None
    interval_seconds: int | None
    for_each: ForEach | None = None


def read_standing_schedule(fields: Fields) -> StandingSchedule:
    schedule = StandingSchedule(
        id=fields.name("id"),
        task=fields.name("task"),
        cron=fields.optional_text("cron"),
        interval_seconds=fields.optional_whole_number("interval_seconds"),
        for_each=_read_for_each(fields),
    )
    if (schedule.cron is None) == (schedule.interval_seconds is None):
        fields.fail("cron", "exactly one of cron and interval_seconds was expected")
    return schedule


def _read_for_each(fields: Fields) -> ForEach | None:
    audience = fields.optional_child("for_each")
    if audience is None:
        return None
    try:
        contact = compile_template(f"{{{{{audience.name('contact')}}}}}", fields.locale)
    except ExpressionError as fault:
        audience.fail("contact", fault.message)
    return ForEach(audience.name("connector"), audience.name("operation"), audience.value_template("params"), contact)

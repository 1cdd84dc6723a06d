from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from flow_engine.expressions import Template
from flow_engine.program.reading import Fields


@dataclass(frozen=True, slots=True)
class ScheduleTask:
    """``schedule_task``: run a task for this contact later, once (``run_at``) or again and again.

    Exactly one of ``run_at`` (renders to an ISO date and time, in the tenant's zone unless it has an offset),
    ``cron`` and ``interval_seconds`` is there. The same key again replaces the earlier appointment. Emits one
    ``ScheduleTask`` effect with the data of this moment; none when the key or the time renders to nothing usable.
    """

    kind: ClassVar[str] = "schedule_task"

    task: str
    idempotency_key: Template
    run_at: Template | None
    cron: str | None
    interval_seconds: int | None


def read(fields: Fields) -> ScheduleTask:
    action = ScheduleTask(
        task=fields.name("task"),
        idempotency_key=fields.template("idempotency_key"),
        run_at=fields.optional_template("run_at"),
        cron=fields.optional_text("cron"),
        interval_seconds=fields.optional_whole_number("interval_seconds"),
    )
    times = [time for time in (action.run_at, action.cron, action.interval_seconds) if time is not None]
    if len(times) != 1:
        fields.fail("run_at", "exactly one of run_at, cron and interval_seconds was expected")
    return action

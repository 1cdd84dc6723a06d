from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import ClassVar

from flow_engine.expressions import Template
from flow_engine.program.reading import Fields


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From ``start`` to ``end`` by the tenant's clock, every day; an ``end`` that is not later is the next day's."""

    start: time
    end: time


@dataclass(frozen=True, slots=True)
class ScheduleTask:
    """``schedule_task``: run a task for this contact later, once (``run_at``) or again and again.

    Exactly one of ``run_at`` (renders to an ISO date and time, in the tenant's zone unless it has an offset),
    ``cron`` and ``interval_seconds`` is there. The same key again replaces the earlier appointment. Emits one
    ``ScheduleTask`` effect with the data of this moment; none when the key or the time renders to nothing usable.
    ``shift_s`` moves ``run_at``, backwards where it is negative; ``grace_s`` of ``None`` is the runtime's.
    """

    kind: ClassVar[str] = "schedule_task"

    task: str
    idempotency_key: Template
    run_at: Template | None
    cron: str | None
    interval_seconds: int | None
    shift_s: int = 0
    quiet_hours: QuietHours | None = None
    grace_s: int | None = None


def read(fields: Fields) -> ScheduleTask:
    before, after = fields.optional_whole_number("before"), fields.optional_whole_number("after")
    quiet = fields.optional_child("quiet_hours")
    action = ScheduleTask(
        task=fields.name("task"),
        idempotency_key=fields.template("idempotency_key"),
        run_at=fields.optional_template("run_at"),
        cron=fields.optional_text("cron"),
        interval_seconds=fields.optional_whole_number("interval_seconds"),
        shift_s=(after or 0) - (before or 0),
        quiet_hours=None if quiet is None else QuietHours(_clock(quiet, "start"), _clock(quiet, "end")),
        grace_s=fields.optional_whole_number("grace"),
    )
    times = [time for time in (action.run_at, action.cron, action.interval_seconds) if time is not None]
    if len(times) != 1:
        fields.fail("run_at", "exactly one of run_at, cron and interval_seconds was expected")
    if before is not None and after is not None:
        fields.fail("before", "only one of before and after was expected")
    if action.run_at is None and (action.shift_s or action.quiet_hours is not None):
        fields.fail("run_at", "before, after and quiet_hours move run_at, which was expected with them")
    return action


def _clock(fields: Fields, key: str) -> time:
    try:
        return time.fromisoformat(fields.text(key))
    except ValueError as fault:
        fields.fail(key, str(fault))

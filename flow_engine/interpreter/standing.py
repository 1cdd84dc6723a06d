"""Standing schedules for an audience: whom to ask for, and what runs for each of them.

A driver that finds a schedule due performs ``standing_call`` and hands the result to ``standing_tasks``; each task it
gets back goes into the line of its contact as ``TaskDue``. Pure, as ``advance`` is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from flow_engine.effects import CallConnector
from flow_engine.expressions import AT
from flow_engine.limits import MAX_AUDIENCE
from flow_engine.program.program import Program
from flow_engine.program.standing_schedule import StandingSchedule
from flow_engine.vocabulary import JSON


@dataclass(frozen=True, slots=True)
class StandingTask:
    """Run ``task`` for ``contact_id`` with ``data``. The same ``idempotency_key`` again is the same run."""

    contact_id: str
    task: str
    idempotency_key: str
    data: Mapping[str, JSON]


def standing_call(program: Program, schedule_id: str, at: datetime) -> CallConnector | None:
    """The call that returns the audience of the schedule; ``None`` for one without ``for_each``, or unknown.

    The id of the call is made of the schedule and ``at`` (aware; the time it was due), so that a run repeated after a
    crash is the same call.
    """
    schedule = _find(program, schedule_id)
    if schedule is None or schedule.for_each is None:
        return None
    audience = schedule.for_each
    params = audience.params.render(_scope(program, at, None))
    return CallConnector(
        f"standing:{schedule_id}:{at.isoformat()}",
        audience.connector,
        audience.operation,
        params if isinstance(params, dict) else {},
    )


def standing_tasks(program: Program, schedule_id: str, result: JSON, at: datetime) -> tuple[StandingTask, ...]:
    """What runs for whom: one task for each item of ``result`` whose contact is known, at most ``MAX_AUDIENCE``.

    ``result`` is what the call returned. A contact that stands in it twice gets two tasks, one for each item.
    """
    schedule = _find(program, schedule_id)
    if schedule is None or schedule.for_each is None or not isinstance(result, list):
        return ()
    tasks: list[StandingTask] = []
    for index, item in enumerate(result[:MAX_AUDIENCE]):
        contact_id = schedule.for_each.contact.render_text(_scope(program, at, item)).strip()
        if contact_id:
            key = f"standing:{schedule_id}:{at.isoformat()}:{index}"
            tasks.append(StandingTask(contact_id, schedule.task, key, {"item": item}))
    return tuple(tasks)


def _find(program: Program, schedule_id: str) -> StandingSchedule | None:
    return next((schedule for schedule in program.standing_schedules if schedule.id == schedule_id), None)


def _scope(program: Program, at: datetime, item: JSON) -> dict[str, JSON]:
    scope = {AT: at, "data": {}, "contact": {}, "business": dict(program.business), "item": item}
    return cast("dict[str, JSON]", scope)

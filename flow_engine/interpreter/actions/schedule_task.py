from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flow_engine import effects
from flow_engine.expressions import Template
from flow_engine.interpreter.actions.after import After
from flow_engine.interpreter.quiet_hours import outside
from flow_engine.interpreter.turn import Turn
from flow_engine.program.actions.schedule_task import ScheduleTask
from flow_engine.trace import ScheduleRefused


def run(turn: Turn, action: ScheduleTask) -> After:
    key = action.idempotency_key.render_text(turn.scope).strip()
    run_at = None if action.run_at is None else _due_at(turn, action, action.run_at)
    if not key:
        turn.trace.append(ScheduleRefused(action.task, "idempotency_key"))
    elif action.run_at is not None and run_at is None:
        turn.trace.append(ScheduleRefused(action.task, "run_at"))
    else:
        turn.effects.append(
            effects.ScheduleTask(
                id=turn.next_effect_id(),
                task=action.task,
                idempotency_key=key,
                run_at=run_at,
                cron=action.cron,
                interval_seconds=action.interval_seconds,
                grace_seconds=action.grace_s,
                data=turn.stored_data(),
            )
        )
    return After.GO_ON


def _due_at(turn: Turn, action: ScheduleTask, template: Template) -> datetime | None:
    """The time that was named, moved as the action says."""
    named = _read_time(turn, template)
    if named is None:
        return None
    try:
        due_at = named + timedelta(seconds=action.shift_s)
        if action.quiet_hours is None:
            return due_at
        return outside(action.quiet_hours, due_at, turn.program.zone, earlier=action.shift_s < 0)
    except OverflowError:  # beyond the last day that a datetime can hold
        return None


def _read_time(turn: Turn, template: Template) -> datetime | None:
    """An ISO date or date and time, in UTC; in the tenant's zone where it has no offset of its own."""
    try:
        moment = datetime.fromisoformat(template.render_text(turn.scope).strip())
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=turn.program.zone)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None

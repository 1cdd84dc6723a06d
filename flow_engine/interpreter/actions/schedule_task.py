from __future__ import annotations

from datetime import UTC, datetime

from flow_engine import effects
from flow_engine.expressions import Template
from flow_engine.interpreter.actions.after import After
from flow_engine.interpreter.turn import Turn
from flow_engine.program.actions.schedule_task import ScheduleTask
from flow_engine.trace import ScheduleRefused


def run(turn: Turn, action: ScheduleTask) -> After:
    key = action.idempotency_key.render_text(turn.scope).strip()
    run_at = None if action.run_at is None else _read_time(turn, action.run_at)
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
                data=turn.stored_data(),
            )
        )
    return After.GO_ON


def _read_time(turn: Turn, template: Template) -> datetime | None:
    """An ISO date or date and time, in UTC; in the tenant's zone where it has no offset of its own."""
    try:
        moment = datetime.fromisoformat(template.render_text(turn.scope).strip())
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=turn.program.zone)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None

from __future__ import annotations

from flow_engine import effects
from flow_engine.interpreter.actions.after import After
from flow_engine.interpreter.turn import Turn
from flow_engine.program.actions.cancel_task import CancelTask
from flow_engine.trace import ScheduleRefused


def run(turn: Turn, action: CancelTask) -> After:
    key = action.idempotency_key.render_text(turn.scope).strip()
    if key:
        turn.effects.append(effects.CancelTask(turn.next_effect_id(), key))
    else:
        turn.trace.append(ScheduleRefused("", "idempotency_key"))
    return After.GO_ON

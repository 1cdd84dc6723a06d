from __future__ import annotations

from flow_engine.effects import RecordOutcome
from flow_engine.interpreter.actions.after import After
from flow_engine.interpreter.turn import Turn
from flow_engine.program.actions.record import Record


def run(turn: Turn, action: Record) -> After:
    turn.effects.append(RecordOutcome(turn.next_effect_id(), action.outcome, action.value.render(turn.scope)))
    return After.GO_ON

from __future__ import annotations

from flow_engine.interpreter.actions.after import After
from flow_engine.interpreter.turn import Turn
from flow_engine.program.actions.set_data import SetData


def run(turn: Turn, action: SetData) -> After:
    turn.assign_all(action.values)
    return After.GO_ON

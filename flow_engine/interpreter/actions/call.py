from __future__ import annotations

from flow_engine.interpreter.actions.after import After
from flow_engine.interpreter.turn import Turn
from flow_engine.program.actions.call import Call


def run(_turn: Turn, _action: Call) -> After:
    """The list of actions pauses here; ``states`` enters the sub-flow."""
    return After.MOVE

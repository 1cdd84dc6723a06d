from __future__ import annotations

from flow_engine.interpreter.actions.after import After
from flow_engine.interpreter.turn import Turn
from flow_engine.program.actions.end import End


def run(_turn: Turn, _action: End) -> After:
    """The list of actions ends here; ``states`` ends what is open."""
    return After.MOVE

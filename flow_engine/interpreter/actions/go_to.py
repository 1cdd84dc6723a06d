from __future__ import annotations

from flow_engine.interpreter.actions.after import After
from flow_engine.interpreter.turn import Turn
from flow_engine.program.actions.go_to import GoTo


def run(_turn: Turn, _action: GoTo) -> After:
    """The list of actions ends here; ``states`` moves on."""
    return After.MOVE

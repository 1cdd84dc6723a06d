from __future__ import annotations

from flow_engine.interpreter.actions.after import After
from flow_engine.interpreter.turn import Turn
from flow_engine.outputs.output import LocationRequest
from flow_engine.program.actions.request_location import RequestLocation


def run(turn: Turn, action: RequestLocation) -> After:
    turn.offer(LocationRequest(action.body.render_text(turn.scope)))
    return After.GO_ON

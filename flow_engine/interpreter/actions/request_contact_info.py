from __future__ import annotations

from flow_engine.interpreter.actions.after import After
from flow_engine.interpreter.turn import Turn
from flow_engine.outputs.output import ContactInfoRequest
from flow_engine.program.actions.request_contact_info import RequestContactInfo


def run(turn: Turn, action: RequestContactInfo) -> After:
    turn.offer(ContactInfoRequest(action.body.render_text(turn.scope)))
    return After.GO_ON

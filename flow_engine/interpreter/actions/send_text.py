from __future__ import annotations

from flow_engine.interpreter.actions.after import After
from flow_engine.interpreter.turn import Turn
from flow_engine.outputs.output import Text
from flow_engine.program.actions.send_text import SendText


def run(turn: Turn, action: SendText) -> After:
    turn.say(Text(action.text.render_text(turn.scope)))
    return After.GO_ON

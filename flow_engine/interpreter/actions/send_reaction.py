from __future__ import annotations

from flow_engine.interpreter.actions.after import After
from flow_engine.interpreter.turn import Turn
from flow_engine.outputs.output import Reaction
from flow_engine.program.actions.send_reaction import SendReaction


def run(turn: Turn, action: SendReaction) -> After:
    turn.say(Reaction(turn.last_message_id or "", action.emoji.render_text(turn.scope).strip()))
    return After.GO_ON

from __future__ import annotations

from flow_engine.interpreter.actions.after import After
from flow_engine.interpreter.actions.rendering import render_optional
from flow_engine.interpreter.turn import Turn
from flow_engine.outputs.output import Media
from flow_engine.program.actions.send_media import SendMedia


def run(turn: Turn, action: SendMedia) -> After:
    scope = turn.scope
    caption = None if action.caption is None else action.caption.render_text(scope)
    filename = render_optional(turn, action.filename)
    turn.say(Media(action.media_type, action.url.render_text(scope).strip(), caption or None, filename))
    return After.GO_ON

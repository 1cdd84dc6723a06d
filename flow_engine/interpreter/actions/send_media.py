from __future__ import annotations

from flow_engine.interpreter.actions.after import After
from flow_engine.interpreter.actions.rendering import render_optional
from flow_engine.interpreter.turn import Turn
from flow_engine.outputs.output import Media
from flow_engine.program.actions.send_media import SendMedia


def run(turn: Turn, action: SendMedia) -> After:
    turn.say(render_media(turn, action))
    return After.GO_ON


def render_media(turn: Turn, action: SendMedia) -> Media:
    scope = turn.scope
    caption = None if action.caption is None else action.caption.render_text(scope)
    filename = render_optional(turn, action.filename)
    return Media(action.media_type, action.url.render_text(scope).strip(), caption or None, filename)

from __future__ import annotations

from flow_engine.interpreter.actions.after import After
from flow_engine.interpreter.actions.rendering import one_line, render_optional
from flow_engine.interpreter.turn import Turn
from flow_engine.outputs.output import LinkButton
from flow_engine.program.actions.send_link_button import SendLinkButton


def run(turn: Turn, action: SendLinkButton) -> After:
    turn.say(
        LinkButton(
            action.body.render_text(turn.scope),
            one_line(action.title.render_text(turn.scope)),
            action.url.render_text(turn.scope).strip(),
            render_optional(turn, action.header),
            render_optional(turn, action.footer),
        )
    )
    return After.GO_ON

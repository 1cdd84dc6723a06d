from __future__ import annotations

from flow_engine.interpreter.actions.after import After
from flow_engine.interpreter.actions.rendering import render_body, render_optional, render_options
from flow_engine.interpreter.turn import Turn
from flow_engine.outputs.output import Buttons
from flow_engine.program.actions.send_interactive_buttons import SendInteractiveButtons


def run(turn: Turn, action: SendInteractiveButtons) -> After:
    turn.offer(
        Buttons(
            render_body(turn, action.body),
            render_options(turn, action.buttons, action.fixed),
            render_optional(turn, action.header),
            render_optional(turn, action.footer),
        )
    )
    return After.GO_ON

from __future__ import annotations

from flow_engine.interpreter.actions.after import After
from flow_engine.interpreter.actions.rendering import (
    render_body,
    render_list_button,
    render_optional,
    render_options,
)
from flow_engine.interpreter.turn import Turn
from flow_engine.outputs.output import OptionList, Section
from flow_engine.program.actions.send_interactive_list import SendInteractiveList


def run(turn: Turn, action: SendInteractiveList) -> After:
    sections = tuple(
        Section(render_options(turn, section.rows, section.fixed), render_optional(turn, section.title))
        for section in action.sections
    )
    turn.offer(
        OptionList(
            render_body(turn, action.body),
            render_list_button(turn, action.button),
            sections,
            render_optional(turn, action.header),
            render_optional(turn, action.footer),
        )
    )
    return After.GO_ON

from __future__ import annotations

from flow_engine.interpreter.actions.after import After
from flow_engine.interpreter.actions.rendering import one_line, render_optional
from flow_engine.interpreter.actions.send_media import render_media
from flow_engine.interpreter.turn import Turn
from flow_engine.outputs.output import Parameter, Template, TemplateButton
from flow_engine.program.actions.send_template import SendTemplate, TemplateButtonTemplate


def run(turn: Turn, action: SendTemplate) -> After:
    scope = turn.scope
    turn.say(
        Template(
            action.name,
            action.language.render_text(scope).strip(),
            tuple(Parameter(one_line(template.render_text(scope)), name) for name, template in action.parameters),
            None if action.text is None else action.text.render_text(scope),
            render_optional(turn, action.header),
            None if action.media is None else render_media(turn, action.media),
            tuple(_render_button(turn, button) for button in action.buttons),
        )
    )
    return After.GO_ON


def _render_button(turn: Turn, button: TemplateButtonTemplate) -> TemplateButton:
    """Its id has no stamp: a template is answered days later, and that is what it is for."""
    button_id, suffix = render_optional(turn, button.id), render_optional(turn, button.suffix)
    return TemplateButton(one_line(button.title.render_text(turn.scope)), button_id, suffix)

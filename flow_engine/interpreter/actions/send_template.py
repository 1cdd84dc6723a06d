from __future__ import annotations

from flow_engine.interpreter.actions.after import After
from flow_engine.interpreter.actions.rendering import one_line, render_optional
from flow_engine.interpreter.actions.send_location import render_location
from flow_engine.interpreter.actions.send_media import render_media
from flow_engine.interpreter.turn import Turn
from flow_engine.outputs.output import Parameter, Template, TemplateButton, TemplateForm
from flow_engine.program.actions.send_template import SendTemplate, TemplateButtonTemplate, TemplateFormTemplate


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
            None if action.location is None else render_location(turn, action.location),
        )
    )
    return After.GO_ON


def _render_button(turn: Turn, button: TemplateButtonTemplate) -> TemplateButton:
    """Its id has no stamp: a template is answered days later, and that is what it is for."""
    return TemplateButton(
        one_line(button.title.render_text(turn.scope)),
        render_optional(turn, button.id),
        render_optional(turn, button.suffix),
        render_optional(turn, button.code),
        None if button.form is None else _render_form(turn, button.form),
    )


def _render_form(turn: Turn, form: TemplateFormTemplate) -> TemplateForm:
    data = form.data.render(turn.scope)
    return TemplateForm(render_optional(turn, form.token), data if isinstance(data, dict) else {})

from __future__ import annotations

from flow_engine.interpreter.actions.after import After
from flow_engine.interpreter.actions.rendering import one_line
from flow_engine.interpreter.turn import Turn
from flow_engine.outputs.output import Parameter, Template
from flow_engine.program.actions.send_template import SendTemplate


def run(turn: Turn, action: SendTemplate) -> After:
    scope = turn.scope
    parameters = tuple(Parameter(one_line(template.render_text(scope)), name) for name, template in action.parameters)
    text = None if action.text is None else action.text.render_text(scope)
    turn.say(Template(action.name, action.language.render_text(scope).strip(), parameters, text))
    return After.GO_ON

"""``F112``: a parameter that the operation needs and does not get."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.diagnostics import Severity
from flow_engine.validation.catalog import operation_of
from flow_engine.validation.outline import Outline
from flow_engine.validation.rule import Fault, Rule
from flow_engine.validation.suggestion import closest


def _find(outline: Outline) -> Iterator[Fault]:
    for call in (*outline.actions(), *outline.audiences()):
        operation = operation_of(call.text("connector"), call.text("operation"), outline.surroundings.catalog)
        params = call.members.get("params", {})
        if operation is None or not isinstance(params, dict):
            continue
        misspelt = {closest(name, operation.required) for name in params if name not in operation.parameters}
        for name in sorted(operation.required - params.keys() - misspelt):
            message = f"The operation '{call.text('operation')}' needs the parameter '{name}'."
            yield Fault((*call.path, "operation"), message, f"Add '{name}: …' under params.")


RULE = Rule(
    code="F112",
    name="missing-parameter",
    severity=Severity.ERROR,
    reason="The connector refuses a call without it.",
    wrong="""\
id: shop
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: invoke_connector
        connector: calendar
        operation: get_available_days # here
        params:
          lookahead_days: 14
        result_key: days
      - action: send_text
        text: "We have {{ data.days | length }} free days."
    transitions:
      - on_payload: "hours"
        target: MENU
    fallback: MENU
""",
    right="""\
id: shop
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: invoke_connector
        connector: calendar
        operation: get_available_days
        params:
          from_date: "{{ data.today }}"
          lookahead_days: 14
        result_key: days
      - action: send_text
        text: "We have {{ data.days | length }} free days."
    transitions:
      - on_payload: "hours"
        target: MENU
    fallback: MENU
""",
    find=_find,
)

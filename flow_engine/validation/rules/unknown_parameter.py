"""``F111``: a parameter that the operation does not have."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.diagnostics import Severity
from flow_engine.validation.catalog import Operation, operation_of
from flow_engine.validation.outline import Outline, Part
from flow_engine.validation.rule import Fault, Rule
from flow_engine.validation.suggestion import suggest


def _find(outline: Outline) -> Iterator[Fault]:
    for call in (*outline.actions(), *outline.audiences()):
        operation = operation_of(call.text("connector"), call.text("operation"), outline.surroundings.catalog)
        if operation is not None:
            yield from _check(call, operation)


def _check(call: Part, operation: Operation) -> Iterator[Fault]:
    for params in call.inner("params"):
        for name in params.members:
            if name not in operation.parameters:
                hint = suggest(name, operation.parameters) or "Delete it: the operation takes no parameters."
                message = f"The operation '{call.text('operation')}' has no parameter '{name}'."
                yield Fault((*params.path, name), message, hint, at_key=True)


RULE = Rule(
    code="F111",
    name="unknown-parameter",
    severity=Severity.ERROR,
    reason="The connector refuses a call with a parameter it does not know.",
    wrong="""\
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
          days: 14 # here
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

"""``F138``: a part of a result that the operation does not give."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.diagnostics import Severity
from flow_engine.validation.expressions import expressions
from flow_engine.validation.misfits import misfits
from flow_engine.validation.outline import Outline
from flow_engine.validation.rule import Fault, Rule
from flow_engine.validation.shapes import data_shapes


def _find(outline: Outline) -> Iterator[Fault]:
    data = data_shapes(outline)
    for word, nodes in expressions(outline):
        for misfit in dict.fromkeys(misfit for node in nodes for misfit in misfits(node, data)):
            if misfit.absent:
                yield Fault(word.path, misfit.message, "Use one of these.")


RULE = Rule(
    code="F138",
    name="unknown-result-field",
    severity=Severity.WARNING,
    reason="It is always empty; the catalogue shows what each operation answers.",
    wrong="""\
id: shop
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: invoke_connector
        connector: calendar
        operation: cancel_appointment
        params:
          event_id: "3f1c"
        result_key: cancelled
      - action: send_text
        text: "Cancelled: {{ data.cancelled.wen }}." # here
    transitions:
      - on_payload: "hours"
        target: HOURS
    fallback: HOURS
  HOURS:
    on_enter:
      - action: send_text
        text: "We are open from nine to five."
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
        operation: cancel_appointment
        params:
          event_id: "3f1c"
        result_key: cancelled
      - action: send_text
        text: "Cancelled: {{ data.cancelled.when }}."
    transitions:
      - on_payload: "hours"
        target: HOURS
    fallback: HOURS
  HOURS:
    on_enter:
      - action: send_text
        text: "We are open from nine to five."
    fallback: MENU
""",
    find=_find,
)

"""``F140``: a result that is kept and never used."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.diagnostics import Severity
from flow_engine.validation.data_names import used
from flow_engine.validation.outline import Outline
from flow_engine.validation.rule import Fault, Rule


def _find(outline: Outline) -> Iterator[Fault]:
    read = used(outline)
    for action in outline.actions():
        name = action.word("result_key")
        if name is not None and name.text not in read:
            yield Fault(name.path, f"Nothing ever uses 'data.{name.text}'.", "Delete the result_key, or use it.")


RULE = Rule(
    code="F140",
    name="unused-result",
    severity=Severity.WARNING,
    reason="What nobody reads need not be kept; usually the name is misspelt where it is used.",
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
        result_key: cancelled # here
      - action: send_text
        text: "Cancelled: your appointment."
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

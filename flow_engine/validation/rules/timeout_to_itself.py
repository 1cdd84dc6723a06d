"""``F142``: a timeout that leads to its own state."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.diagnostics import Severity
from flow_engine.validation.outline import Outline
from flow_engine.validation.rule import Fault, Rule


def _find(outline: Outline) -> Iterator[Fault]:
    for state in outline.every_state():
        for timeout in state.part.inner("timeout"):
            target = timeout.word("target")
            if target is not None and target.text == state.name:
                message = "The state asks again and again while nobody answers."
                yield Fault(target.path, message, "Lead to a state that says something else.")


RULE = Rule(
    code="F142",
    name="timeout-to-itself",
    severity=Severity.WARNING,
    reason="The customer who does not answer gets the same message again and again.",
    wrong="""\
id: shop
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: send_text
        text: "Hello! Type hours."
    transitions:
      - on_payload: "hours"
        target: HOURS
    timeout:
      after: "30m"
      target: MENU # here
    fallback: MENU
  HOURS:
    on_enter:
      - action: send_text
        text: "Monday to Friday, 9:00 to 17:00."
    fallback: MENU
""",
    right="""\
id: shop
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: send_text
        text: "Hello! Type hours."
    transitions:
      - on_payload: "hours"
        target: HOURS
    timeout:
      after: "30m"
      target: HOURS
    fallback: MENU
  HOURS:
    on_enter:
      - action: send_text
        text: "Monday to Friday, 9:00 to 17:00."
    fallback: MENU
""",
    find=_find,
)

"""``F115``: a transition of a state that is to return."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.diagnostics import Severity
from flow_engine.validation.outline import Outline
from flow_engine.validation.rule import Fault, Rule


def _find(outline: Outline) -> Iterator[Fault]:
    for state in outline.every_state():
        for transition in state.transitions:
            if transition.members.get("return") is True:
                path = (*transition.path, "return")
                hint = "Move the transition to global_transitions, or delete the key."
                yield Fault(path, "Only a global transition can return.", hint, at_key=True)


RULE = Rule(
    code="F115",
    name="return-outside-globals",
    severity=Severity.ERROR,
    reason="Only a global transition can interrupt; one of a state leads on, and there is nothing to come back to.",
    wrong="""\
id: shop
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: send_text
        text: "Hello! Type hours or stop."
    transitions:
      - on_payload: "hours"
        target: HOURS
        return: true # here
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
        text: "Hello! Type hours or stop."
    transitions:
      - on_payload: "hours"
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

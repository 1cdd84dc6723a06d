"""``F154``: an action behind one that always leads away."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from flow_engine.diagnostics import Severity
from flow_engine.validation.outline import Outline
from flow_engine.validation.rule import Fault, Rule


def _find(outline: Outline) -> Iterator[Fault]:
    for state in outline.every_state():
        for action, following in pairwise(state.on_enter):
            if action.text("action") in ("go_to", "end") and not action.has("when"):
                message = f"The '{action.text('action')}' before it always leads away."
                yield Fault(following.path, message, "Put it first, or give the other a 'when'.")
                break


RULE = Rule(
    code="F154",
    name="unreachable-action",
    severity=Severity.WARNING,
    reason="It is never done.",
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
    fallback: MENU
  HOURS:
    on_enter:
      - action: send_text
        text: "Monday to Friday, 9:00 to 17:00."
      - action: go_to
        target: MENU
      - action: send_text # here
        text: "And Saturdays."
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
      - action: send_text
        text: "And Saturdays."
      - action: go_to
        target: MENU
    fallback: MENU
""",
    find=_find,
)

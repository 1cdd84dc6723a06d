"""``F143``: an @return where nothing was interrupted."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.diagnostics import Severity
from flow_engine.validation.outline import Outline
from flow_engine.validation.rule import Fault, Rule
from flow_engine.validation.ways import ways


def _find(outline: Outline) -> Iterator[Fault]:
    if any(transition.members.get("return") is True for transition in outline.global_transitions):
        return
    for state in outline.states.values():
        for way in ways(state):
            if way.target.text == "@return":
                hint = "Add 'return: true' to a global transition, or name a state."
                yield Fault(way.target.path, "Nothing ever interrupts, so there is nothing to return to.", hint)


RULE = Rule(
    code="F143",
    name="return-without-interruption",
    severity=Severity.WARNING,
    reason="There is no question to come back to, so the conversation begins anew.",
    wrong="""\
id: shop
initial_state: MENU
global_transitions:
  - on_payload: "help"
    target: HELP
states:
  MENU:
    on_enter:
      - action: send_text
        text: "Hello! Type help or on."
    transitions:
      - on_payload: "on"
        target: MENU
    fallback: MENU
  HELP:
    on_enter:
      - action: send_text
        text: "Type on to go on."
    transitions:
      - on_payload: "on"
        target: "@return" # here
""",
    right="""\
id: shop
initial_state: MENU
global_transitions:
  - on_payload: "help"
    target: HELP
    return: true
states:
  MENU:
    on_enter:
      - action: send_text
        text: "Hello! Type help or on."
    transitions:
      - on_payload: "on"
        target: MENU
    fallback: MENU
  HELP:
    on_enter:
      - action: send_text
        text: "Type on to go on."
    transitions:
      - on_payload: "on"
        target: "@return"
""",
    find=_find,
)

"""``F161``: a hand-off that is made again as soon as the bot speaks."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.diagnostics import Severity
from flow_engine.validation.outline import Outline
from flow_engine.validation.resting import asks_again, is_entered_again, rests_after
from flow_engine.validation.rule import Fault, Rule


def _find(outline: Outline) -> Iterator[Fault]:
    for state in outline.every_state():
        for index, action in enumerate(state.on_enter):
            if action.text("action") != "hand_off" or not rests_after(state, index):
                continue
            if is_entered_again(state) and not asks_again(state):
                message = f"The first message after the pause hands '{state.name}' over again."
                yield Fault(action.path, message, "Add a fallback to another state, such as the menu.")


RULE = Rule(
    code="F161",
    name="hand-off-again",
    severity=Severity.WARNING,
    reason=(
        "When the pause is over the conversation is still in this state, and what fits no transition enters it anew: "
        "the bot never speaks again."
    ),
    wrong="""\
id: shop
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: send_text
        text: "Hello! Type human for one of us."
    transitions:
      - on_payload: "human"
        target: HUMAN
    fallback: MENU
  HUMAN:
    on_enter:
      - action: hand_off # here
        reason: "The customer asked for a person."
        resume:
          after: "12h"
""",
    right="""\
id: shop
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: send_text
        text: "Hello! Type human for one of us."
    transitions:
      - on_payload: "human"
        target: HUMAN
    fallback: MENU
  HUMAN:
    on_enter:
      - action: hand_off
        reason: "The customer asked for a person."
        resume:
          after: "12h"
    fallback: MENU
""",
    find=_find,
)

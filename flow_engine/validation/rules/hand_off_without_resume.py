"""``F144``: a hand-off that does not say when the bot speaks again."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.diagnostics import Severity
from flow_engine.validation.outline import Outline
from flow_engine.validation.rule import Fault, Rule


def _find(outline: Outline) -> Iterator[Fault]:
    for action in outline.actions():
        if action.text("action") == "hand_off" and not action.has("resume"):
            hint = "Add resume: {after: 12h}, or resume: never if that is meant."
            yield Fault(action.path, "It does not say when the bot speaks again.", hint)


RULE = Rule(
    code="F144",
    name="hand-off-without-resume",
    severity=Severity.WARNING,
    reason=(
        "The bot stays silent for this customer until somebody gives the conversation back; forgetting that is easy."
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
    fallback: MENU
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

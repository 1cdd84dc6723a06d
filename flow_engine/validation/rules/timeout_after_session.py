"""``F147``: a timeout that comes when the session is over."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.diagnostics import Severity
from flow_engine.validation.durations import seconds
from flow_engine.validation.outline import Outline
from flow_engine.validation.rule import Fault, Rule


def _find(outline: Outline) -> Iterator[Fault]:
    for session in outline.root.inner("session"):
        end = seconds(session.text("expires_after"))
        for state in outline.every_state():
            for timeout in state.part.inner("timeout"):
                after = timeout.word("after")
                if after is not None and end and seconds(after.text) >= end:
                    message = f"The session is over after {session.text('expires_after')}, so this never comes."
                    yield Fault(after.path, message, "Make it shorter than the session.")


RULE = Rule(
    code="F147",
    name="timeout-after-session",
    severity=Severity.WARNING,
    reason="The session ends first, and with it every question that is open.",
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
      after: "2h" # here
      target: HOURS
    fallback: MENU
  HOURS:
    on_enter:
      - action: send_text
        text: "Monday to Friday, 9:00 to 17:00."
    fallback: MENU
session:
  expires_after: "1h"
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
session:
  expires_after: "1h"
""",
    find=_find,
)

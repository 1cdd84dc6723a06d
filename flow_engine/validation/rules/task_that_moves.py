"""``F114``: a task that moves the conversation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from flow_engine.diagnostics import Severity
from flow_engine.validation.outline import Outline
from flow_engine.validation.rule import Fault, Rule

_MOVES: Final = frozenset({"go_to", "call", "end"})


def _find(outline: Outline) -> Iterator[Fault]:
    for actions in outline.tasks.values():
        for action in actions:
            name = action.text("action")
            if name in _MOVES:
                hint = "Send a message with a button whose transition leads there."
                yield Fault((*action.path, "action"), f"A task cannot do '{name}'.", hint)
            elif action.has("on_error"):
                hint = "Delete it: a failed call ends the task."
                yield Fault((*action.path, "on_error"), "A task has nowhere to go on an error.", hint, at_key=True)


RULE = Rule(
    code="F114",
    name="task-that-moves",
    severity=Severity.ERROR,
    reason="A task runs beside the conversation, at any time, and leaves it where it is.",
    wrong="""\
id: shop
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: send_text
        text: "Hello! We will write to you."
      - action: schedule_task
        task: reminder
        idempotency_key: "reminder"
        run_at: "2026-11-24T09:00:00Z"
    fallback: MENU
global_transitions:
  - on_payload: "menu"
    target: MENU
tasks:
  reminder:
    - action: send_template
      name: see_you_soon
      language: en
    - action: go_to # here
      target: MENU
""",
    right="""\
id: shop
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: send_text
        text: "Hello! We will write to you."
      - action: schedule_task
        task: reminder
        idempotency_key: "reminder"
        run_at: "2026-11-24T09:00:00Z"
    fallback: MENU
global_transitions:
  - on_payload: "menu"
    target: MENU
tasks:
  reminder:
    - action: send_template
      name: see_you_soon
      language: en
""",
    find=_find,
)

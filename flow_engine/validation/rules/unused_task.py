"""``F127``: a task that nothing schedules."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.diagnostics import Severity
from flow_engine.validation.outline import Outline, words_within
from flow_engine.validation.platform_tasks import PLATFORM_TASKS
from flow_engine.validation.rule import Fault, Rule


def _find(outline: Outline) -> Iterator[Fault]:
    named = {
        word.text
        for key, value in outline.root.members.items()
        for word in words_within(value, ())
        if key in ("states", "tasks", "standing_schedules")
    }
    for name in outline.tasks:
        if name not in named and name not in PLATFORM_TASKS:
            yield Fault(("tasks", name), f"Nothing schedules the task '{name}'.", "Delete it.", at_key=True)


RULE = Rule(
    code="F127",
    name="unused-task",
    severity=Severity.WARNING,
    reason="It never runs; usually a schedule_task was forgotten.",
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
  goodbye: # here
    - action: send_template
      name: bye
      language: en
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

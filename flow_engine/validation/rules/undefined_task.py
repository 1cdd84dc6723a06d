"""``F102``: a task that does not exist."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.diagnostics import Severity
from flow_engine.validation.outline import Outline, Word
from flow_engine.validation.rule import Fault, Rule
from flow_engine.validation.suggestion import suggest


def _find(outline: Outline) -> Iterator[Fault]:
    if not outline.has_tasks:
        return
    for word in _references(outline):
        if word.text not in outline.tasks:
            hint = suggest(word.text, outline.tasks) or "Define it under tasks."
            yield Fault(word.path, f"There is no task '{word.text}'.", hint)


def _references(outline: Outline) -> Iterator[Word]:
    candidates = [action.word("task") for action in outline.actions() if action.text("action") == "schedule_task"]
    candidates += [schedule.word("task") for schedule in outline.root.parts("standing_schedules")]
    yield from (word for word in candidates if word is not None)


RULE = Rule(
    code="F102",
    name="undefined-task",
    severity=Severity.ERROR,
    reason="What is scheduled must be there when its time comes.",
    wrong="""\
id: shop
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: send_text
        text: "Hello! We will write to you."
      - action: schedule_task
        task: remindr # here
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

"""``F128``: a standing schedule without an audience."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.diagnostics import Severity
from flow_engine.validation.outline import Outline
from flow_engine.validation.rule import Fault, Rule


def _find(outline: Outline) -> Iterator[Fault]:
    for schedule in outline.root.parts("standing_schedules"):
        name = schedule.text("id") or "without id"
        if not schedule.has("for_each"):
            hint = "Add for_each: {connector, operation, contact}."
            yield Fault(schedule.path, f"The standing schedule '{name}' runs for nobody.", hint)


RULE = Rule(
    code="F128",
    name="schedule-not-run",
    severity=Severity.WARNING,
    reason="A standing schedule belongs to no conversation; without for_each there is nobody to write to.",
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
standing_schedules:
  - id: weekly # here
    task: reminder
    cron: "0 9 * * mon"
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
standing_schedules:
  - id: weekly
    task: reminder
    cron: "0 9 * * mon"
    for_each:
      connector: calendar
      operation: list_appointments
      contact: "item.contact_id"
""",
    find=_find,
)

"""``F109``: a cron expression that is none."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.diagnostics import Severity
from flow_engine.validation.cron import explain_cron
from flow_engine.validation.outline import Outline
from flow_engine.validation.rule import Fault, Rule


def _find(outline: Outline) -> Iterator[Fault]:
    for part in (*outline.actions(), *outline.root.parts("standing_schedules")):
        cron = part.word("cron")
        problem = explain_cron(cron.text) if cron is not None else ""
        if cron is not None and problem:
            yield Fault(cron.path, problem, 'For example "0 9 * * mon": Mondays at 9:00.')


RULE = Rule(
    code="F109",
    name="bad-cron",
    severity=Severity.ERROR,
    reason="A rhythm the scheduler cannot read never runs.",
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
        cron: "9:00 every monday" # here
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
        cron: "0 9 * * mon"
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

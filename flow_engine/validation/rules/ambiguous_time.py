"""``F107``: no time, or more than one, for something that happens later."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.diagnostics import Severity
from flow_engine.validation.outline import Outline, Part
from flow_engine.validation.rule import Fault, Rule

_TIMES_OF_ACTION = ("run_at", "cron", "interval_seconds")
_MOVES = ("before", "after", "quiet_hours")
_TIMES_OF_SCHEDULE = ("cron", "interval_seconds")
_TIMES_OF_TIMEOUT = ("after", "at")


def _find(outline: Outline) -> Iterator[Fault]:
    for action in outline.actions():
        if action.text("action") == "schedule_task":
            yield from _check(action, _TIMES_OF_ACTION, "when the task runs")
            yield from _check_moves(action)
    for schedule in outline.root.parts("standing_schedules"):
        yield from _check(schedule, _TIMES_OF_SCHEDULE, "when the task runs")
    for state in outline.every_state():
        for timeout in state.part.inner("timeout"):
            yield from _check(timeout, _TIMES_OF_TIMEOUT, "how long it waits")


def _check(part: Part, times: tuple[str, ...], what: str) -> Iterator[Fault]:
    given = [key for key in times if part.has(key)]
    names = ", ".join(times)
    if not given:
        yield Fault(part.path, f"It says nowhere {what}.", f"Add one of {names}.")
    for key in given[1:]:
        yield Fault((*part.path, key), f"'{key}' stands beside '{given[0]}'.", "Keep one of them.", at_key=True)


def _check_moves(action: Part) -> Iterator[Fault]:
    for key in _MOVES:
        if action.has(key) and not action.has("run_at"):
            yield Fault((*action.path, key), f"'{key}' moves 'run_at', which is not there.", "Add run_at.", at_key=True)
    if action.has("before") and action.has("after"):
        yield Fault((*action.path, "after"), "'after' stands beside 'before'.", "Keep one of them.", at_key=True)


RULE = Rule(
    code="F107",
    name="ambiguous-time",
    severity=Severity.ERROR,
    reason="What happens later has one time or one rhythm; with none or two nobody knows when.",
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
        interval_seconds: 3600 # here
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

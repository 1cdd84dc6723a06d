"""``F156``: a cancel_task whose key nothing schedules."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.diagnostics import Severity
from flow_engine.validation.outline import Outline, Word
from flow_engine.validation.rule import Fault, Rule


def _find(outline: Outline) -> Iterator[Fault]:
    scheduled = {_begin(key) for key in _keys(outline, "schedule_task")}
    for key in _keys(outline, "cancel_task"):
        begin = _begin(key)
        if not any(other.startswith(begin) or begin.startswith(other) for other in scheduled):
            hint = "Write the key as in schedule_task."
            yield Fault(key.path, f"Nothing is scheduled under a key that begins '{begin}'.", hint)


def _keys(outline: Outline, kind: str) -> Iterator[Word]:
    for action in outline.actions():
        key = action.word("idempotency_key") if action.text("action") == kind else None
        if key is not None:
            yield key


def _begin(key: Word) -> str:
    """What is certain of the key before it is worked out."""
    return key.text.partition("{{")[0]


RULE = Rule(
    code="F156",
    name="unmatched-cancel",
    severity=Severity.WARNING,
    reason="What was meant to be cancelled happens all the same.",
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
        idempotency_key: "reminder:{{ contact.phone }}"
        run_at: "2026-11-24T09:00:00Z"
    transitions:
      - on_payload: "stop"
        target: STOPPED
    fallback: MENU
  STOPPED:
    on_enter:
      - action: cancel_task
        idempotency_key: "remind:{{ contact.phone }}" # here
      - action: send_text
        text: "We will not write to you."
    fallback: MENU
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
        idempotency_key: "reminder:{{ contact.phone }}"
        run_at: "2026-11-24T09:00:00Z"
    transitions:
      - on_payload: "stop"
        target: STOPPED
    fallback: MENU
  STOPPED:
    on_enter:
      - action: cancel_task
        idempotency_key: "reminder:{{ contact.phone }}"
      - action: send_text
        text: "We will not write to you."
    fallback: MENU
tasks:
  reminder:
    - action: send_template
      name: see_you_soon
      language: en
""",
    find=_find,
)

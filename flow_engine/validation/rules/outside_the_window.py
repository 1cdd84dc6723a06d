"""``F135``: a message that may come when a customer has been silent for 24 hours."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.diagnostics import Severity
from flow_engine.validation.durations import DAY_SECONDS, seconds
from flow_engine.validation.outline import Outline, Part
from flow_engine.validation.rule import Fault, Rule
from flow_engine.validation.ways import By, ways


def _find(outline: Outline) -> Iterator[Fault]:
    if not outline.surroundings.capabilities.templates:
        return
    for name in dict.fromkeys(_run_later(outline)):
        yield from _first_message(outline.tasks.get(name, ()), f"The task '{name}' may run")
    for graph in outline.graphs():
        for target, what in _led_to_late(graph):
            if target in graph.states:
                yield from _first_message(graph.states[target].on_enter, what)


def _run_later(outline: Outline) -> Iterator[str]:
    """Tasks by what schedules them. Every time is late: how much of it is left is known only when it is scheduled."""
    candidates = [action.text("task") for action in outline.actions() if action.text("action") == "schedule_task"]
    candidates += [schedule.text("task") for schedule in outline.root.parts("standing_schedules")]
    yield from (name for name in candidates if name is not None)


def _led_to_late(graph: Outline) -> Iterator[tuple[str, str]]:
    for state in graph.states.values():
        for way in ways(state):
            if way.by is By.TIMEOUT and seconds(way.part.text("after")) >= DAY_SECONDS:
                yield way.target.text, f"The timeout of '{state.name}' comes"
    for session in graph.root.inner("session"):
        target = session.text("target")
        if target is not None and seconds(session.text("expires_after")) >= DAY_SECONDS:
            yield target, "The end of the session comes"


def _first_message(actions: tuple[Part, ...], what: str) -> Iterator[Fault]:
    """The first message that is no template; one under a ``when`` may be kept for those who wrote today."""
    has_template = any(action.text("action") == "send_template" for action in actions)
    for action in actions:
        if (action.text("action") or "").startswith(_MESSAGES) and not (has_template and action.has("when")):
            if action.text("action") != "send_template":
                message = f"{what} more than 24 hours after the customer's last message."
                yield Fault(action.path, message, "Begin with send_template.")
            return


_MESSAGES = ("send_", "request_")


RULE = Rule(
    code="F135",
    name="outside-the-window",
    severity=Severity.WARNING,
    reason=(
        "After 24 hours without a word from the customer, WhatsApp delivers approved templates only; this "
        "message would be lost."
    ),
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
    - action: send_text # here
      text: "See you soon!"
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

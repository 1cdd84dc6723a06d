"""``F126``: a state that says nothing."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.diagnostics import Severity
from flow_engine.validation.outline import Outline
from flow_engine.validation.rule import Fault, Rule


def _find(outline: Outline) -> Iterator[Fault]:
    for state in outline.every_state():
        if state.part.has("collect"):
            continue
        entry = state.part.members.get("on_enter", [])
        complete = isinstance(entry, list) and len(entry) == len(state.on_enter)
        if state.readable and complete and all(_is_silent(action.text("action")) for action in state.on_enter):
            hint = "Add a send_ action to its on_enter."
            yield Fault(state.part.path, f"The state '{state.name}' says nothing.", hint, at_key=True)


_SILENT = frozenset({"invoke_connector", "schedule_task", "cancel_task", "set_data", "set_language", "record"})


def _is_silent(action: str | None) -> bool:
    """An unknown action is reported as such and may be a message."""
    return action in _SILENT


RULE = Rule(
    code="F126",
    name="silent-state",
    severity=Severity.WARNING,
    reason="The customer gets no answer at all on coming here and thinks the bot is broken.",
    wrong="""\
id: shop
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: send_interactive_buttons
        body: "What would you like?"
        buttons:
          - id: "menu_hours"
            title: "Opening hours"
    transitions:
      - on_payload: "menu_hours"
        target: HOURS
    fallback: MENU
  HOURS: # here
    fallback: MENU
""",
    right="""\
id: shop
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: send_interactive_buttons
        body: "What would you like?"
        buttons:
          - id: "menu_hours"
            title: "Opening hours"
    transitions:
      - on_payload: "menu_hours"
        target: HOURS
    fallback: MENU
  HOURS:
    on_enter:
      - action: send_text
        text: "Monday to Friday, 9:00 to 17:00."
    fallback: MENU
""",
    find=_find,
)

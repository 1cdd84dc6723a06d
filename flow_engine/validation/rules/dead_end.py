"""``F125``: a state that cannot be left."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.diagnostics import Severity
from flow_engine.validation.outline import Outline, StateOutline, words_within
from flow_engine.validation.rule import Fault, Rule


def _find(outline: Outline) -> Iterator[Fault]:
    if len(outline.states) < 2:  # noqa: PLR2004  # a flow of one state has nowhere else to go
        return
    everywhere = outline.root.members.get("global_transitions")
    named_everywhere = {word.text for word in words_within(everywhere, ())}
    for state in outline.states.values():
        if state.readable and not (_named(state) | named_everywhere) & (outline.states.keys() - {state.name}):
            hint = "Add a transition, a fallback or a global transition."
            yield Fault(state.part.path, f"No way leads out of the state '{state.name}'.", hint, at_key=True)


def _named(state: StateOutline) -> set[str]:
    members = state.part.members.items()
    return {word.text for key, value in members if key != "on_enter" for word in words_within(value, ())}


RULE = Rule(
    code="F125",
    name="dead-end",
    severity=Severity.WARNING,
    reason="Whatever the customer writes, the conversation stays there for ever.",
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
    on_enter:
      - action: send_text
        text: "Monday to Friday, 9:00 to 17:00."
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

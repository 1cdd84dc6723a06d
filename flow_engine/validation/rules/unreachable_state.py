"""``F120``: a state that nothing leads to."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.diagnostics import Severity
from flow_engine.validation.outline import Outline, words_within
from flow_engine.validation.rule import Fault, Rule


def _find(outline: Outline) -> Iterator[Fault]:
    for graph in outline.graphs():
        yield from _find_in(graph)


def _find_in(outline: Outline) -> Iterator[Fault]:
    entrances = _entrances(outline)
    if not entrances:
        return
    reached: set[str] = set()
    waiting = entrances
    while waiting:
        reached |= waiting
        waiting = {name for state in waiting for name in _named_in(outline, state)} - reached
    for name, state in outline.states.items():
        if name not in reached:
            hint = "Lead a transition there, or delete it."
            yield Fault(state.part.path, f"No way leads to the state '{name}'.", hint, at_key=True)


def _entrances(outline: Outline) -> set[str]:
    """Where conversations start or may be taken from anywhere; empty when the start is unknown."""
    initial = outline.root.text("initial_state")
    if initial is None or initial not in outline.states:
        return set()
    members = outline.root.members
    named = [*words_within(members.get("global_transitions"), ()), *words_within(members.get("session"), ())]
    return {initial} | {word.text for word in named if word.text in outline.states}


def _named_in(outline: Outline, name: str) -> set[str]:
    """Every state whose name stands anywhere in the state, so that a misspelt key hides no way."""
    members = outline.states[name].part.members
    texts = {word.text for key, value in members.items() if key != "on_enter" for word in words_within(value, ())}
    for action in outline.states[name].on_enter:
        ways = (action.members.get("target"), action.members.get("on_error"))
        texts |= {word.text for value in ways for word in words_within(value, ())}
    return {text for text in texts if text in outline.states}


RULE = Rule(
    code="F120",
    name="unreachable-state",
    severity=Severity.WARNING,
    reason="Nobody will ever see it; usually a target is misspelt or was forgotten.",
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
  HOURS:
    on_enter:
      - action: send_text
        text: "Monday to Friday, 9:00 to 17:00."
    fallback: MENU
  HOLIDAYS: # here
    on_enter:
      - action: send_text
        text: "We are closed on Sundays."
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

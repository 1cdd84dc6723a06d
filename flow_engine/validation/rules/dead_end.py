"""``F125``: a state that cannot be left."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.diagnostics import Severity
from flow_engine.validation.outline import Outline, StateOutline, items
from flow_engine.validation.rule import Fault, Rule


def _find(outline: Outline) -> Iterator[Fault]:
    for graph in outline.graphs():
        yield from _find_in(graph, {transition.text("target") for transition in outline.global_transitions})


def _find_in(outline: Outline, everywhere: set[str | None]) -> Iterator[Fault]:
    if len(outline.states) < 2:  # noqa: PLR2004  # a flow of one state has nowhere else to go
        return
    everywhere = everywhere | {transition.text("target") for transition in outline.global_transitions}
    for state in outline.states.values():
        targets = everywhere | _targets(state)
        if state.readable and not targets - {state.name}:
            hint = "Add a transition, a fallback or a global transition."
            yield Fault(state.part.path, f"No way leads out of the state '{state.name}'.", hint, at_key=True)


def _targets(state: StateOutline) -> set[str | None]:
    """Where the state leads; None, a way somewhere, for each one that cannot be read."""
    targets = {transition.text("target") for transition in state.transitions}
    if len(state.transitions) != len(items(state.part.members.get("transitions", []))):
        targets.add(None)
    if state.part.has("fallback"):
        targets.add(state.part.text("fallback"))
    if any(action.text("action") in _LEADS_ON or action.has("on_error") for action in state.on_enter):
        targets.add(None)
    return targets | {None} if state.part.has("timeout") or state.part.has("collect") else targets


_LEADS_ON = frozenset({"go_to", "call", "end", "hand_off"})


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

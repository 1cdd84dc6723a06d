"""``F131``: a few states that lead only to each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from flow_engine.diagnostics import Severity
from flow_engine.validation.outline import Outline
from flow_engine.validation.rule import Fault, Rule
from flow_engine.validation.ways import ways


def _find(outline: Outline) -> Iterator[Fault]:
    if outline.root.has("session"):
        return
    for graph in outline.graphs():
        everywhere = {transition.text("target") for transition in graph.global_transitions}
        everywhere |= {transition.text("target") for transition in outline.global_transitions}
        following = {name: {way.target.text for way in ways(state)} for name, state in graph.states.items()}
        told: set[str] = set()
        for name, state in graph.states.items():
            closed = set() if name in told else _closed(name, following, graph)
            if 1 < len(closed) <= len(graph.states) // 2 and not everywhere - closed:
                told |= closed
                message = f"No way leads out of {', '.join(sorted(closed))}."
                yield Fault(state.part.path, message, "Add a transition back to the rest.", at_key=True)


def _closed(start: str, following: Mapping[str, set[str]], graph: Outline) -> set[str]:
    """The states reached from ``start``, if they are few, all lead back to it and none leads anywhere else."""
    reached = _reached(start, following)
    if len(reached) > MAX_LOOP or graph.root.text("initial_state") in reached:
        return set()
    if any(name not in following or _may_leave(graph, name) for name in reached):
        return set()
    return reached if all(start in _reached(name, following) for name in reached) else set()


def _reached(start: str, following: Mapping[str, set[str]]) -> set[str]:
    """Where ``start`` leads, itself included; a few more than MAX_LOOP states at most."""
    reached: set[str] = set()
    waiting = [start]
    while waiting and len(reached) <= MAX_LOOP:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += following.get(name, ())
    return reached


def _may_leave(graph: Outline, name: str) -> bool:
    """The state may lead somewhere that is not written in it, or not readable."""
    state = graph.states[name]
    members = state.part.members.get("transitions", [])
    readable = isinstance(members, list) and all(way.word("target") is not None for way in state.transitions)
    complete = readable and isinstance(members, list) and len(members) == len(state.transitions)
    return not complete or any(action.text("action") in _LEAVES for action in state.on_enter)


_LEAVES: Final = frozenset({"end", "hand_off", "call"})
MAX_LOOP: Final = 50
"""States of a loop that is told; what is larger is where the conversation lives."""


RULE = Rule(
    code="F131",
    name="no-exit-loop",
    severity=Severity.WARNING,
    reason="Whoever comes there never gets to the rest of the flow again, whatever they write.",
    wrong="""\
id: shop
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: send_text
        text: "Hello! Type hours or stop."
    transitions:
      - on_payload: "hours"
        target: HOURS
    fallback: MENU
  HOURS:
    on_enter:
      - action: send_text
        text: "Monday to Friday, 9:00 to 17:00."
    fallback: MENU
    transitions:
      - on_payload: "sundays"
        target: SUNDAYS
  SUNDAYS: # here
    on_enter:
      - action: send_text
        text: "Closed. Or do you mean holidays?"
    fallback: HOLIDAYS
  HOLIDAYS:
    on_enter:
      - action: send_text
        text: "Closed too. Or do you mean Sundays?"
    fallback: SUNDAYS
""",
    right="""\
id: shop
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: send_text
        text: "Hello! Type hours or stop."
    transitions:
      - on_payload: "hours"
        target: HOURS
    fallback: MENU
  HOURS:
    on_enter:
      - action: send_text
        text: "Monday to Friday, 9:00 to 17:00."
    fallback: MENU
    transitions:
      - on_payload: "sundays"
        target: SUNDAYS
  SUNDAYS:
    on_enter:
      - action: send_text
        text: "Closed. Or do you mean holidays?"
    fallback: HOLIDAYS
  HOLIDAYS:
    on_enter:
      - action: send_text
        text: "Closed too."
    fallback: MENU
""",
    find=_find,
)

"""``F162``: a booking that is made again by a message that fits nothing, or by going back."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.diagnostics import Severity
from flow_engine.validation.catalog import operation_of
from flow_engine.validation.outline import Outline, Part, StateOutline
from flow_engine.validation.resting import asks_again, is_entered_again, rests_after
from flow_engine.validation.rule import Fault, Rule
from flow_engine.validation.ways import ways


def _find(outline: Outline) -> Iterator[Fault]:
    for graph in outline.graphs():
        nearby = (*graph.global_transitions, *outline.global_transitions)
        everywhere = any(transition.text("target") == "@back" for transition in nearby)
        for state in graph.states.values():
            for index, action in enumerate(state.on_enter):
                if _writes(action, outline) and rests_after(state, index):
                    yield from _again(graph, state, action, everywhere=everywhere)


def _writes(action: Part, outline: Outline) -> bool:
    operation = operation_of(action.text("connector"), action.text("operation"), outline.surroundings.catalog)
    return action.text("action") == "invoke_connector" and operation is not None and operation.writes


def _again(graph: Outline, state: StateOutline, action: Part, *, everywhere: bool) -> Iterator[Fault]:
    hint = "Lead on with go_to behind the call: nobody comes back to a state that is only passed through."
    if is_entered_again(state) and not asks_again(state):
        yield Fault(action.path, f"A message that fits nothing enters '{state.name}' anew and does this again.", hint)
    elif everywhere or any(_goes_back(graph.states[name]) for name in _following(graph, state)):
        yield Fault(action.path, f"Going back (@back) enters '{state.name}' anew and does this again.", hint)


def _following(graph: Outline, state: StateOutline) -> set[str]:
    """The states that have this one behind them."""
    return {way.target.text for way in ways(state)} & graph.states.keys() - {state.name}


def _goes_back(state: StateOutline) -> bool:
    return any(way.target.text == "@back" for way in ways(state))


RULE = Rule(
    code="F162",
    name="write-again",
    severity=Severity.WARNING,
    reason="The customer has two appointments and knows of one.",
    wrong="""\
id: shop
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: send_text
        text: "Hello! Type book."
    transitions:
      - on_payload: "book"
        target: BOOK
    fallback: MENU
  BOOK:
    on_enter:
      - action: invoke_connector # here
        connector: calendar
        operation: book_appointment
        params:
          date: "{{data.today}}"
          time: "10:00"
          service: "cut"
        result_key: booking
      - action: send_text
        text: "See you at {{data.booking.when}}. Type thanks, or anything else for the menu."
    transitions:
      - on_payload: "thanks"
        target: WELCOME
    fallback: MENU
  WELCOME:
    on_enter:
      - action: send_text
        text: "You are welcome! Type back to go back."
    transitions:
      - on_payload: "back"
        target: "@back"
    fallback: MENU
""",
    right="""\
id: shop
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: send_text
        text: "Hello! Type book."
    transitions:
      - on_payload: "book"
        target: BOOK
    fallback: MENU
  BOOK:
    on_enter:
      - action: invoke_connector
        connector: calendar
        operation: book_appointment
        params:
          date: "{{data.today}}"
          time: "10:00"
          service: "cut"
        result_key: booking
      - action: go_to
        target: BOOKED
    fallback: MENU
  BOOKED:
    on_enter:
      - action: send_text
        text: "See you at {{data.booking.when}}. Type thanks, or anything else for the menu."
    transitions:
      - on_payload: "thanks"
        target: WELCOME
    fallback: MENU
  WELCOME:
    on_enter:
      - action: send_text
        text: "You are welcome! Type back to go back."
    transitions:
      - on_payload: "back"
        target: "@back"
    fallback: MENU
""",
    find=_find,
)

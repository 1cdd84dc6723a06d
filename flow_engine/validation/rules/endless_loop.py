"""``F130``: states that lead to each other without ever waiting for the customer."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.diagnostics import Severity
from flow_engine.validation.cycles import on_cycles
from flow_engine.validation.outline import Outline, StateOutline
from flow_engine.validation.rule import Fault, Rule
from flow_engine.validation.ways import By, ways


def _find(outline: Outline) -> Iterator[Fault]:
    for graph in outline.graphs():
        looping = on_cycles({name: _jumps(state) for name, state in graph.states.items()})
        for name, state in graph.states.items():
            if name in looping:
                message = f"The state '{name}' leads back to itself without waiting for an answer."
                yield Fault(
                    state.part.path, message, "Ask something on the way, or give a go_to a 'when'.", at_key=True
                )


def _jumps(state: StateOutline) -> set[str]:
    """Where the state goes on to at once: by a ``go_to`` that is always done, and after a call that fails."""
    return {
        way.target.text
        for way in ways(state)
        if way.by in (By.JUMP, By.FAILURE) and way.index is not None and not state.on_enter[way.index].has("when")
    }


RULE = Rule(
    code="F130",
    name="endless-loop",
    severity=Severity.ERROR,
    reason="Nobody is asked anything on the way round, so the engine stops the turn with an apology.",
    wrong="""\
id: shop
initial_state: MENU
states:
  MENU: # here
    on_enter:
      - action: send_text
        text: "Hello!"
      - action: go_to
        target: MENU
""",
    right="""\
id: shop
initial_state: MENU
states:
  MENU:
    on_enter:
      - action: send_text
        text: "Hello!"
      - action: go_to
        when: "not data.greeted"
        target: ASK
    transitions:
      - on_payload: "hours"
        target: ASK
  ASK:
    on_enter:
      - action: set_data
        values:
          greeted: true
      - action: send_text
        text: "What can we do for you?"
    fallback: MENU
""",
    find=_find,
)

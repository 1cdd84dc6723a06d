from __future__ import annotations

from dataclasses import dataclass

from flow_engine.limits import MAX_ACTIONS_PER_LIST
from flow_engine.program.actions import Entry, read_action
from flow_engine.program.reading import Fields
from flow_engine.program.transition import Transition, read_transition


@dataclass(frozen=True, slots=True)
class State:
    """One place a conversation can be in.

    ``on_enter`` runs whenever the state is entered. ``fallback`` is entered when a message matches
    nothing; ``None`` asks the open question again. With ``llm_fallback`` free text goes to the LLM first.
    """

    name: str
    on_enter: tuple[Entry, ...]
    transitions: tuple[Transition, ...]
    fallback: str | None
    llm_fallback: bool


def read_state(name: str, fields: Fields) -> State:
    return State(
        name=name,
        on_enter=read_actions(fields, "on_enter"),
        transitions=tuple(read_transition(transition) for transition in fields.children("transitions")),
        fallback=fields.optional_text("fallback"),
        llm_fallback=fields.flag("llm_fallback"),
    )


def read_actions(fields: Fields, key: str) -> tuple[Entry, ...]:
    actions = tuple(read_action(action) for action in fields.children(key))
    if len(actions) > MAX_ACTIONS_PER_LIST:
        fields.fail(key, f"more than {MAX_ACTIONS_PER_LIST} actions")
    return actions

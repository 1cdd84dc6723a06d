from __future__ import annotations

from dataclasses import dataclass

from flow_engine.limits import MAX_ACTIONS_PER_LIST
from flow_engine.program.actions import Entry, read_action, unguarded
from flow_engine.program.collect import Collect, read_collect
from flow_engine.program.reading import Fields, full_name
from flow_engine.program.synonyms import Synonyms, read_synonyms
from flow_engine.program.taps import Taps, read_taps
from flow_engine.program.timeout import Timeout, read_timeout
from flow_engine.program.transition import Transition, read_transition
from flow_engine.trace import ActionRun


@dataclass(frozen=True, slots=True)
class State:
    """One place a conversation can be in.

    ``on_enter`` runs whenever the state is entered. ``fallback`` is entered when a message matches
    nothing; ``None`` asks the open question again. With ``llm_fallback`` free text goes to the LLM first.
    ``name`` is the full name and ``flow`` the sub-flow, if the state belongs to one. ``only_speaks`` says that
    entering it again does nothing but say the same again. ``collect`` is what it asks for, and ``synonyms`` the other
    words for what it offers. ``places`` are what the trace tells of each action of ``on_enter``. ``taps`` finds
    the transition of a payload, where that alone decides.
    """

    name: str
    on_enter: tuple[Entry, ...]
    transitions: tuple[Transition, ...]
    fallback: str | None
    llm_fallback: bool
    timeout: Timeout | None = None
    flow: str | None = None
    only_speaks: bool = False
    collect: Collect | None = None
    synonyms: tuple[Synonyms, ...] = ()
    places: tuple[ActionRun, ...] = ()
    taps: Taps | None = None


def read_state(name: str, fields: Fields) -> State:
    full = full_name(fields.flow, name)
    on_enter = read_actions(fields, "on_enter")
    timeout = fields.optional_child("timeout")
    asked = fields.optional_child("collect")
    collect = None if asked is None else read_collect(asked)
    transitions = tuple(read_transition(transition) for transition in fields.children("transitions"))
    return State(
        name=full,
        on_enter=on_enter,
        transitions=transitions,
        fallback=fields.optional_state("fallback"),
        llm_fallback=fields.flag("llm_fallback"),
        timeout=None if timeout is None else read_timeout(timeout),
        flow=fields.flow,
        only_speaks=all(unguarded(entry).kind.startswith("send_") for entry in on_enter),
        collect=collect,
        synonyms=read_synonyms(on_enter, collect),
        places=tuple(ActionRun(full, index, unguarded(entry).kind) for index, entry in enumerate(on_enter)),
        taps=read_taps(transitions),
    )


def read_actions(fields: Fields, key: str) -> tuple[Entry, ...]:
    actions = tuple(read_action(action) for action in fields.children(key))
    if len(actions) > MAX_ACTIONS_PER_LIST:
        fields.fail(key, f"more than {MAX_ACTIONS_PER_LIST} actions")
    return actions

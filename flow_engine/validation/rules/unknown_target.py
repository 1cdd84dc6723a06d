"""``F101``: a state, or a word in its place, that does not exist."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from flow_engine.diagnostics import Severity
from flow_engine.validation.outline import Outline, Part, Word
from flow_engine.validation.rule import Fault, Rule
from flow_engine.validation.suggestion import suggest

WORDS: Final = ("@back", "@restart", "@return", "@end")
"""What may stand in the place of a state."""


def _find(outline: Outline) -> Iterator[Fault]:
    for graph in outline.graphs():
        if graph.has_states:
            yield from _unknown(_states_named(graph), graph.states)
            yield from _unknown(_targets(graph), graph.states, WORDS)
    if outline.has_states:
        everywhere = [name for graph in outline.graphs() for name in _full_names(graph)]
        yield from _unknown(_renamed(outline.root), everywhere)
    for action in outline.actions():
        if action.text("action") == "call":
            yield from _unknown_flow(action, outline)


def _unknown(
    words: Iterable[Word | None], states: Iterable[str], words_for_states: Sequence[str] = ()
) -> Iterator[Fault]:
    known = {*states}
    for word in words:
        if word is None or word.text in known or word.text in words_for_states:
            continue
        if word.text.startswith("@") and words_for_states:
            yield Fault(word.path, f"There is no target '{word.text}'.", suggest(word.text, words_for_states))
        else:
            yield Fault(word.path, f"There is no state '{word.text}'.", suggest(word.text, states))


def _states_named(graph: Outline) -> Iterator[Word | None]:
    """Where only a state may stand."""
    yield graph.root.word("initial_state")
    for state in graph.states.values():
        yield state.part.word("fallback")


def _targets(graph: Outline) -> Iterator[Word | None]:
    """Where a state or one of the words may stand; only what belongs to this graph, not to its sub-flows."""
    for state in graph.states.values():
        for part in (*state.transitions, *_inner(state.part, "timeout"), *_inner(state.part, "collect")):
            yield part.word("target")
            yield part.word("on_max_tries")
        for action in state.on_enter:
            yield action.word("target")
            yield action.word("on_error")
            for kinds in _inner(action, "on_error"):
                yield from (kinds.word(kind) for kind in kinds.members)
    for transition in graph.global_transitions:
        yield transition.word("target")
    for session in _inner(graph.root, "session"):
        yield session.word("target")


def _inner(part: Part, key: str) -> tuple[Part, ...]:
    """The mapping under ``key``, if it is one."""
    value = part.members.get(key)
    return (Part(value, (*part.path, key)),) if isinstance(value, dict) else ()


def _renamed(root: Part) -> Iterator[Word | None]:
    for renamed in _inner(root, "renamed_states"):
        yield from (renamed.word(old) for old in renamed.members)


def _full_names(graph: Outline) -> list[str]:
    """A sub-flow's states are named with the flow before them, where it is not clear from the place."""
    return ["/".join(map(str, (*graph.root.path[1:], name))) for name in graph.states]


def _unknown_flow(action: Part, outline: Outline) -> Iterator[Fault]:
    word = action.word("flow")
    if word is not None and word.text not in outline.flows:
        hint = suggest(word.text, outline.flows) or "Define it under flows."
        yield Fault(word.path, f"There is no sub-flow '{word.text}'.", hint)


RULE = Rule(
    code="F101",
    name="unknown-target",
    severity=Severity.ERROR,
    reason="A conversation cannot go where there is no state.",
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
        target: MENUE # here
    fallback: MENU
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
        target: MENU
    fallback: MENU
""",
    find=_find,
)

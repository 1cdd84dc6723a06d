"""``F101``: a state, or a word in its place, that does not exist."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from flow_engine.diagnostics import Severity
from flow_engine.validation.outline import Outline, Word
from flow_engine.validation.rule import Fault, Rule
from flow_engine.validation.suggestion import suggest
from flow_engine.validation.ways import TARGET_WORDS, By, ways


def _find(outline: Outline) -> Iterator[Fault]:
    for graph in outline.graphs():
        if graph.has_states:
            yield from _unknown(_states_named(graph), graph.states)
            yield from _unknown(_targets(graph), graph.states, TARGET_WORDS)
    if outline.has_states:
        everywhere = [name for graph in outline.graphs() for name in _full_names(graph)]
        renamed = (part.word(old) for part in outline.root.inner("renamed_states") for old in part.members)
        yield from _unknown(renamed, everywhere)


def _unknown(words: Iterable[Word | None], states: Iterable[str], instead: Sequence[str] = ()) -> Iterator[Fault]:
    known = {*states, *instead}
    for word in words:
        if word is None or word.text in known:
            continue
        if word.text.startswith("@") and instead:
            yield Fault(word.path, f"There is no target '{word.text}'.", suggest(word.text, instead))
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
        yield from (way.target for way in ways(state) if way.by is not By.FALLBACK)
    for transition in graph.global_transitions:
        yield transition.word("target")
    for session in graph.root.inner("session"):
        yield session.word("target")


def _full_names(graph: Outline) -> list[str]:
    """A sub-flow's states are named with the flow before them, where it is not clear from the place."""
    return ["/".join(map(str, (*graph.root.path[1:], name))) for name in graph.states]


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

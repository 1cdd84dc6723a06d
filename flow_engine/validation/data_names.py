"""Which names in ``data`` a flow writes and reads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from flow_engine.expressions import names_read
from flow_engine.validation.expressions import expressions
from flow_engine.validation.outline import Outline, Part, Word, words_within

COMPUTED: Final = frozenset({"today", "now"})
"""Names the engine works out for every event."""

ERROR_KIND: Final = "error_kind"
"""Where the kind of a failure is put when ``on_error`` leads somewhere."""

ITEM: Final = "item"
"""Where a task that runs for an audience finds its item."""

_MENTIONED: Final = re.compile(r"\bdata\.([^\W\d]\w*)")
_GROUP: Final = re.compile(r"\(\?P?<([^\W\d]\w*)>")


def writes(outline: Outline) -> Iterator[Word]:
    """Every name that something sets; for a mapping such as ``set_data`` the path is that of the member."""
    for action in outline.actions():
        yield from written_by_action(action)
        if action.has("on_error"):
            yield Word(ERROR_KIND, (*action.path, "on_error"))
    for transition in outline.transitions():
        yield from written_by_transition(transition)
    for graph in outline.graphs():
        yield from words_within(graph.root.members.get("inputs"), (*graph.root.path, "inputs"))
    for state in outline.every_state():
        for timeout in state.part.inner("timeout"):
            yield from members(timeout, "set_data")
        for collect in state.part.inner("collect"):
            yield from _named(collect, "save_as")
            yield from members(collect, "set_data")
    for audience in outline.audiences():
        yield Word(ITEM, audience.path)


def written_by_action(action: Part) -> Iterator[Word]:
    """What is set once the action is done."""
    yield from _named(action, "result_key")
    if action.text("action") == "set_data":
        yield from members(action, "values")
    elif action.text("action") == "call":
        yield from members(action, "outputs")


def written_by_transition(transition: Part) -> Iterator[Word]:
    """What is set when the transition is taken."""
    yield from _named(transition, "extract_suffix_as")
    for pattern in _named(transition, "on_pattern"):
        yield from (Word(name, pattern.path) for name in _GROUP.findall(pattern.text))
    yield from members(transition, "set_data")


def reads(outline: Outline) -> Iterator[Word]:
    """Every name that an expression or a ``source_key`` looks up; the path is that of the text."""
    for word, nodes in expressions(outline):
        for name in sorted({name for node in nodes for name in names_read(node)}):
            yield Word(name, word.path)
    for action in outline.actions():
        for source in _named(action, "source_key"):
            yield Word(source.text.partition(".")[0], source.path)


def used(outline: Outline) -> set[str]:
    """Names that something reads, or that a sub-flow gives back; also in a text that does not compile."""
    given_back = (words_within(flow.root.members.get("outputs"), ()) for flow in outline.flows.values())
    broken = (word.text for word, nodes in expressions(outline) if not nodes)
    return (
        {word.text for word in reads(outline)}
        | {word.text for words in given_back for word in words}
        | {name for text in broken for name in _MENTIONED.findall(text)}
    )


def members(part: Part, key: str) -> Iterator[Word]:
    """The names that are the keys of a mapping."""
    for inner in part.inner(key):
        yield from (Word(name, (*inner.path, name)) for name in inner.members)


def _named(part: Part, key: str) -> Iterator[Word]:
    word = part.word(key)
    if word is not None:
        yield word

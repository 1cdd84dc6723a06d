"""Which names in ``data`` a flow writes and reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from flow_engine.errors import ExpressionError
from flow_engine.expressions import compile_condition, compile_template, names_read
from flow_engine.validation.expressions import conditions, templates
from flow_engine.validation.outline import Outline, Part, Word, words_within

COMPUTED: Final = frozenset({"today", "now"})
"""Names the engine works out for every event."""


def writes(outline: Outline) -> Iterator[Word]:
    """Every name that something sets; for ``set_data`` the path is that of the member."""
    for action in outline.actions():
        yield from _named(action, "result_key")
        if action.text("action") == "set_data":
            yield from _members(action, "values")
        elif action.text("action") == "call":
            yield from _members(action, "outputs")
        elif action.has("on_error"):
            yield Word("error_kind", (*action.path, "on_error"))
    for transition in outline.transitions():
        yield from _named(transition, "extract_suffix_as")
        yield from _members(transition, "set_data")
    for graph in outline.graphs():
        yield from words_within(graph.root.members.get("inputs"), (*graph.root.path, "inputs"))
        for state in graph.states.values():
            timeout = state.part.members.get("timeout")
            if isinstance(timeout, dict):
                yield from _members(Part(timeout, (*state.part.path, "timeout")), "set_data")
    for schedule in outline.root.parts("standing_schedules"):
        if schedule.has("for_each"):
            yield Word("item", (*schedule.path, "for_each"))


def reads(outline: Outline) -> Iterator[Word]:
    """Every name that an expression or a ``source_key`` looks up; the path is that of the text."""
    for word in templates(outline):
        yield from _read_in(word, is_condition=False)
    for word in conditions(outline):
        yield from _read_in(word, is_condition=True)
    for action in outline.actions():
        for source in _named(action, "source_key"):
            yield Word(source.text.partition(".")[0], source.path)


def _read_in(word: Word, *, is_condition: bool) -> Iterator[Word]:
    try:
        expressions = (
            (compile_condition(word.text).expression,) if is_condition else compile_template(word.text).expressions
        )
    except ExpressionError:
        return
    for name in sorted({name for node in expressions for name in names_read(node)}):
        yield Word(name, word.path)


def _members(part: Part, key: str) -> Iterator[Word]:
    """The names that are the keys of a mapping."""
    members = part.members.get(key)
    for name in members if isinstance(members, dict) else ():
        yield Word(name, (*part.path, key, name))


def _named(part: Part, key: str) -> Iterator[Word]:
    word = part.word(key)
    if word is not None:
        yield word

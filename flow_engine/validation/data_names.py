"""Which names in ``data`` a flow writes and reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from flow_engine.errors import ExpressionError
from flow_engine.expressions import compile_condition, compile_template, names_read
from flow_engine.validation.expressions import conditions, templates
from flow_engine.validation.outline import Outline, Part, Word

COMPUTED: Final = frozenset({"today", "now"})
"""Names the engine works out for every event."""


def writes(outline: Outline) -> Iterator[Word]:
    """Every name that something sets; for ``set_data`` the path is that of the member."""
    for action in outline.actions():
        yield from _named(action, "result_key")
    for transition in outline.transitions():
        yield from _named(transition, "extract_suffix_as")
        members = transition.members.get("set_data")
        for name in members if isinstance(members, dict) else ():
            yield Word(name, (*transition.path, "set_data", name))


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


def _named(part: Part, key: str) -> Iterator[Word]:
    word = part.word(key)
    if word is not None:
        yield word

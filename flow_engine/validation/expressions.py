"""Every template and condition of a flow, whatever construct it stands in, and what they parse to."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from flow_engine.errors import ExpressionError
from flow_engine.expressions import compile_condition, compile_template
from flow_engine.expressions.nodes import Node
from flow_engine.validation.outline import Outline, Part, Word, words_within

_NO_TEMPLATES: Final = frozenset(
    {"action", "connector", "operation", "result_key", "task", "source_key", "cron", "interval_seconds"}
    | {"when", "target", "flow", "outputs", "on_error", "outcome", "resume", "media_type", "synonyms", "name"}
)
"""Keys of actions whose texts are names or rhythms and are taken as they are."""

_TEXTS_OF_COLLECT: Final = ("text", "retry_text", "options", "set_data")

_REMEMBERED: Final = 4096
"""Texts whose parsed form is kept between rules: those of a large flow, some megabytes."""


def templates(outline: Outline) -> Iterator[Word]:
    """Every text that may hold ``{{ … }}``."""
    for action in outline.actions():
        yield from templates_of(action)
    for transition in outline.transitions():
        yield from words_within(transition.members.get("set_data"), (*transition.path, "set_data"))
    for state in outline.every_state():
        for timeout in state.part.inner("timeout"):
            yield from words_within(timeout.members.get("set_data"), (*timeout.path, "set_data"))
        for collect in state.part.inner("collect"):
            yield from templates_of_collect(collect)
    yield from words_within(outline.root.members.get("moved_text"), ("moved_text",))
    for audience in outline.audiences():
        yield from words_within(audience.members.get("params"), (*audience.path, "params"))


def conditions(outline: Outline) -> Iterator[Word]:
    """Every condition."""
    candidates = [transition.word("condition") for transition in outline.transitions()]
    candidates += [action.word("when") for action in outline.actions()]
    candidates += [collect.word("validate") for collect in outline.collects()]
    candidates += [audience.word("contact") for audience in outline.audiences()]
    yield from (word for word in candidates if word is not None)


def expressions(outline: Outline) -> Iterator[tuple[Word, tuple[Node, ...]]]:
    """Every text with expressions, and those; one that does not compile has none."""
    for word in templates(outline):
        yield word, nodes_of_template(word.text)
    for word in conditions(outline):
        yield word, nodes_of_condition(word.text)


@lru_cache(maxsize=_REMEMBERED)
def nodes_of_template(text: str) -> tuple[Node, ...]:
    """The placeholders of ``text``, parsed; none if it does not compile."""
    try:
        return compile_template(text).expressions
    except ExpressionError:
        return ()


@lru_cache(maxsize=_REMEMBERED)
def nodes_of_condition(text: str) -> tuple[Node, ...]:
    """The one expression of ``text``; none if it does not compile."""
    try:
        return (compile_condition(text).expression,)
    except ExpressionError:
        return ()


def templates_of(action: Part) -> Iterator[Word]:
    """Every text of one action that may hold ``{{ … }}``."""
    for key, value in action.members.items():
        if key not in _NO_TEMPLATES or (key == "name" and action.text("action") == "send_location"):
            yield from words_within(value, (*action.path, key))


def templates_of_collect(collect: Part) -> Iterator[Word]:
    for key in _TEXTS_OF_COLLECT:
        yield from words_within(collect.members.get(key), (*collect.path, key))

"""Texts that customers read and that are written once for each language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from flow_engine.errors import ExpressionError
from flow_engine.expressions import compile_template
from flow_engine.validation.outline import Outline, Part, Word, options

_KEYS: Final = (
    "text",
    "body",
    "title",
    "description",
    "header",
    "footer",
    "button",
    "caption",
    "retry_text",
    "empty_text",
    "name",
    "address",
)


_PLACES: Final = frozenset({"name", "address"})
"""What a place is called is the same in all languages."""


def plain_texts(outline: Outline) -> Iterator[Word]:
    """Every text that customers read and that is the same for all of them, wherever it stands."""
    word = outline.root.word("moved_text")
    if word is not None:
        yield word
    for part in (*outline.actions(), *outline.collects()):
        for place in (part, *part.parts("sections"), *options(part)):
            yield from (word for key in _KEYS if key not in _PLACES and (word := place.word(key)) is not None)


def words_of_template(text: str) -> str:
    """What stands around the placeholders; nothing for what does not compile, which another rule tells."""
    try:
        return compile_template(text).words
    except ExpressionError:
        return ""


def localised_texts(outline: Outline) -> Iterator[Part]:
    """Every text that is a mapping of languages, wherever it stands."""
    yield from outline.root.inner("moved_text")
    for part in (*outline.actions(), *outline.collects()):
        for place in (part, *part.parts("sections"), *options(part)):
            for key in _KEYS:
                yield from place.inner(key)

"""Texts that customers read and that are written once for each language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from flow_engine.validation.outline import Outline, Part, options

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


def localised_texts(outline: Outline) -> Iterator[Part]:
    """Every text that is a mapping of languages, wherever it stands."""
    yield from outline.root.inner("moved_text")
    for part in (*outline.actions(), *outline.collects()):
        for place in (part, *part.parts("sections"), *options(part)):
            for key in _KEYS:
                yield from place.inner(key)

"""Every sentence of a conversation that a customer can read, with the step it belongs to: the Texts view."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from flow_engine.validation.outline import Part, options, read_outline
from flow_engine.vocabulary import JSON
from platform_admin.authoring.editing.edit import Path
from platform_admin.changes.step_title import step_title

_READ_BY_CUSTOMERS: Final = (
    "body",
    "text",
    "header",
    "footer",
    "button",
    "empty_text",
    "retry_text",
    "caption",
    "title",
)


@dataclass(frozen=True, slots=True)
class TextRow:
    """One text in one language (empty: the only one). ``step`` is empty for what belongs to a task."""

    step: str
    title: str
    path: str
    text: str
    language: str = ""


def read_texts(document: JSON) -> tuple[TextRow, ...]:
    """In the order of the document; empty texts too, so that they can be written."""
    outline = read_outline(document)
    rows: list[TextRow] = []
    for graph in outline.graphs():
        for state in graph.states.values():
            for part in (*state.on_enter, *([state.collect] if state.collect else [])):
                rows += _rows(part, state.name, step_title(state.name))
    for name, actions in outline.tasks.items():
        for part in actions:
            rows += _rows(part, "", step_title(name))
    return tuple(rows)


def _rows(part: Part, step: str, title: str) -> Iterator[TextRow]:
    for key in _READ_BY_CUSTOMERS:
        if part.has(key):
            yield from _languages(part.members[key], (*part.path, key), step, title)
    for option in options(part):
        for key in ("title", "description"):
            if option.has(key):
                yield from _languages(option.members[key], (*option.path, key), step, title)


def _languages(value: JSON, path: Path, step: str, title: str) -> Iterator[TextRow]:
    if isinstance(value, str):
        yield TextRow(step, title, json.dumps(path), value)
    elif isinstance(value, dict):
        for language, text in value.items():
            if isinstance(text, str):
                yield TextRow(step, title, json.dumps((*path, language)), text, language)

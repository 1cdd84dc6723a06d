"""Every sentence of a conversation that a customer can read, with the step it belongs to: the Texts view."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from flow_engine.flow_map import SUB_FLOW_MARK
from flow_engine.validation.languages import languages_of
from flow_engine.validation.outline import Part, options, read_outline
from flow_engine.vocabulary import JSON
from platform_admin.authoring.editing.edit import Path
from platform_admin.changes.step_title import step_title
from platform_admin.changes.step_titles import step_titles

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
    outline, titles = read_outline(document), step_titles(document)
    spoken = languages_of(outline)
    rows: list[TextRow] = []
    for graph in outline.graphs():
        for state in graph.states.values():
            for part in (*state.on_enter, *([state.collect] if state.collect else [])):
                name = _full_name(state.part.path)
                rows += _rows(part, name, titles[name], spoken)
    for name, actions in outline.tasks.items():
        for part in actions:
            rows += _rows(part, "", step_title(name), spoken)
    return tuple(rows)


def _full_name(path: Path) -> str:
    """As the map calls it: ``STEP``, or ``flow/STEP``."""
    return f"{path[1]}{SUB_FLOW_MARK}{path[3]}" if path[0] == "flows" else str(path[1])


def _rows(part: Part, step: str, title: str, spoken: Sequence[str]) -> Iterator[TextRow]:
    for key in _READ_BY_CUSTOMERS:
        if part.has(key):
            yield from _languages(part.members[key], (*part.path, key), step, title, spoken)
    for option in options(part):
        for key in ("title", "description"):
            if option.has(key):
                yield from _languages(option.members[key], (*option.path, key), step, title, spoken)


def _languages(value: JSON, path: Path, step: str, title: str, spoken: Sequence[str]) -> Iterator[TextRow]:
    """One text; or one for each language, those that are still missing too, to be written."""
    if isinstance(value, str):
        yield TextRow(step, title, json.dumps(path), value)
    elif isinstance(value, dict):
        for language in dict.fromkeys((*value, *spoken)):
            text = value.get(language, "")
            if isinstance(text, str):
                yield TextRow(step, title, json.dumps((*path, language)), text, language)

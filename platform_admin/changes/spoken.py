"""Every sentence that a conversation can say, by step: to read what customers were told by an old version."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from flow_engine.language.yaml_reader import read_yaml
from flow_engine.validation.outline import Part, options, read_outline
from flow_engine.vocabulary import JSON
from platform_admin.changes.step_title import step_title

_SPOKEN: Final = ("header", "body", "text", "caption", "footer", "button", "title", "empty_text", "retry_text")


@dataclass(frozen=True, slots=True)
class Sentence:
    """``language`` is empty where there is only one."""

    step: str
    text: str
    language: str = ""


def spoken(source: str) -> tuple[Sentence, ...]:
    """In the order of the text; nothing for one that cannot be read."""
    reading = read_yaml(source)
    if reading.faults:
        return ()
    outline = read_outline(reading.value)
    found: list[Sentence] = []
    for graph in outline.graphs():
        for state in graph.states.values():
            for part in (*state.on_enter, *([state.collect] if state.collect else [])):
                found += _sentences(part, step_title(state.name))
    for name, actions in outline.tasks.items():
        for part in actions:
            found += _sentences(part, step_title(name))
    return tuple(found)


def _sentences(part: Part, step: str) -> Iterator[Sentence]:
    for key in _SPOKEN:
        if part.has(key):
            yield from _languages(part.members[key], step)
    for option in options(part):
        for key in ("title", "description"):
            if option.has(key):
                yield from _languages(option.members[key], step)


def _languages(value: JSON, step: str) -> Iterator[Sentence]:
    if isinstance(value, str):
        yield Sentence(step, value)
    elif isinstance(value, dict):
        yield from (Sentence(step, text, language) for language, text in value.items() if isinstance(text, str))

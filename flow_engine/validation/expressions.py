"""Every template and condition of a flow, whatever construct it stands in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from flow_engine.validation.outline import Outline, Part, Word, words_within

_NO_TEMPLATES: Final = frozenset(
    {"action", "connector", "operation", "result_key", "task", "source_key", "cron", "interval_seconds"}
    | {"when", "target", "flow", "outputs", "on_error", "outcome", "resume"}
)
"""Keys of actions whose texts are names or rhythms and are taken as they are."""


def templates(outline: Outline) -> Iterator[Word]:
    """Every text that may hold ``{{ … }}``."""
    for action in outline.actions():
        yield from _templates_of(action)
    for transition in outline.transitions():
        yield from words_within(transition.members.get("set_data"), (*transition.path, "set_data"))
    for graph in outline.graphs():
        for state in graph.states.values():
            timeout = state.part.members.get("timeout")
            if isinstance(timeout, dict):
                yield from words_within(timeout.get("set_data"), (*state.part.path, "timeout", "set_data"))
    yield from words_within(outline.root.members.get("moved_text"), ("moved_text",))
    for schedule in outline.root.parts("standing_schedules"):
        audience = schedule.members.get("for_each")
        if isinstance(audience, dict):
            yield from words_within(audience.get("params"), (*schedule.path, "for_each", "params"))


def conditions(outline: Outline) -> Iterator[Word]:
    """Every condition."""
    candidates = [transition.word("condition") for transition in outline.transitions()]
    candidates += [action.word("when") for action in outline.actions()]
    yield from (word for word in candidates if word is not None)
    for schedule in outline.root.parts("standing_schedules"):
        audience = schedule.members.get("for_each")
        if isinstance(audience, dict) and isinstance(contact := audience.get("contact"), str):
            yield Word(contact, (*schedule.path, "for_each", "contact"))


def _templates_of(action: Part) -> Iterator[Word]:
    for key, value in action.members.items():
        if key not in _NO_TEMPLATES:
            yield from words_within(value, (*action.path, key))

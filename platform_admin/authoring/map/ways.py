"""Which ways lead out of a step, as its author thinks of them: by what the customer does.

A button that only a global transition knows is a way of the step that shows the button; so the map shows where each
button goes, wherever that is written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from flow_engine.validation.outline import Outline, Part, StateOutline, options
from flow_engine.validation.ways import TARGET_WORDS, By, ways


class WayKind(StrEnum):
    """``CHOSEN`` is what somebody meant to happen; the others are where people end up."""

    CHOSEN = "chosen"
    OTHERWISE = "otherwise"
    SILENCE = "silence"
    FAILURE = "failure"


@dataclass(frozen=True, slots=True)
class StepWay:
    """A way from the step ``source`` to the step ``target``; ``label`` is what is tapped or said, if it has words."""

    source: str
    target: str
    kind: WayKind
    label: str = ""


_KINDS = {
    By.TRANSITION: WayKind.CHOSEN,
    By.ANSWER: WayKind.CHOSEN,
    By.JUMP: WayKind.CHOSEN,
    By.FALLBACK: WayKind.OTHERWISE,
    By.TOO_MANY_TRIES: WayKind.OTHERWISE,
    By.TIMEOUT: WayKind.SILENCE,
    By.FAILURE: WayKind.FAILURE,
}


def ways_of(graph: Outline) -> tuple[StepWay, ...]:
    """Every way between two steps of ``graph``, once for each kind; ways to the step itself are left out."""
    anywhere = {word: part for part in graph.global_transitions for word in [part.text("on_payload")] if word}
    found: dict[tuple[str, str, WayKind], StepWay] = {}
    for state in graph.states.values():
        for way in (*_own(state), *_through_buttons(state, anywhere)):
            if way.target in graph.states and way.target != way.source:
                found.setdefault((way.source, way.target, way.kind), way)
    return tuple(found.values())


def _own(state: StateOutline) -> Iterator[StepWay]:
    titles = dict(titles_of(state))
    for way in ways(state):
        if way.target.text not in TARGET_WORDS:
            label = titles.get(way.part.text("on_payload") or "", "") if way.by is By.TRANSITION else ""
            yield StepWay(state.name, way.target.text, _KINDS[way.by], label)


def _through_buttons(state: StateOutline, anywhere: dict[str, Part]) -> Iterator[StepWay]:
    own = {part.text("on_payload") for part in state.transitions}
    for payload, title in titles_of(state):
        transition = anywhere.get(payload)
        target = None if transition is None or payload in own else transition.text("target")
        if target is not None:
            yield StepWay(state.name, target, WayKind.CHOSEN, title)


def titles_of(state: StateOutline) -> Iterator[tuple[str, str]]:
    """The payload and the title of everything the step offers to tap."""
    parts = [*state.on_enter, *([state.collect] if state.collect else [])]
    for part in parts:
        for option in options(part):
            payload, title = option.text("id"), option.members.get("title")
            if payload is not None:
                yield payload, title if isinstance(title, str) else _first_text(title)


def _first_text(value: object) -> str:
    """The first language of a text that has several."""
    texts = value.values() if isinstance(value, dict) else ()
    return next((text for text in texts if isinstance(text, str)), "")

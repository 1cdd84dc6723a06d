"""``read_map``: a document becomes cards and ways, ready to be drawn."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from flow_engine.validation.outline import Outline, StateOutline, options, read_outline
from flow_engine.vocabulary import JSON, JSONObject
from platform_admin.authoring.editing.steps import SUB_FLOW_MARK
from platform_admin.authoring.map.layout import CARD_GAP, CARD_WIDTH, MARGIN, lay_out
from platform_admin.authoring.map.ways import StepWay, WayKind, ways_of
from platform_admin.changes.step_titles import step_titles

CARD_HEIGHT: Final = 48
"""A card with its title alone."""
LINE_HEIGHT: Final = 18
CHARACTERS_A_LINE: Final = 24
"""Of the 12-px text inside a card; the page measures nothing, so that server and page agree on the picture."""
BADGE_HEIGHT: Final = 28
MAX_LINES: Final = 2
_BLANK: Final = re.compile(r"\{\{.*?\}\}", re.DOTALL)
"""What is filled in while talking; on a card it is only known that there is something."""


@dataclass(frozen=True, slots=True)
class Card:
    """One step. ``badges`` are kinds (``buttons``, ``list``, ``calendar``, ``faq``, ``person``…), each with a count."""

    name: str
    title: str
    says: str
    badges: tuple[tuple[str, int], ...]
    height: int
    x: float = 0
    y: float = 0
    start: bool = False

    def as_json(self) -> JSONObject:
        badges: list[JSON] = [{"kind": kind, "count": count} for kind, count in self.badges]
        return {
            "name": self.name,
            "title": self.title,
            "says": self.says,
            "badges": badges,
            "x": self.x,
            "y": self.y,
            "width": CARD_WIDTH,
            "height": self.height,
            "start": self.start,
        }


@dataclass(frozen=True, slots=True)
class Way:
    """An arrow. ``tree``: the one its target hangs on; the others are drawn when one of their ends is looked at."""

    source: str
    target: str
    kind: WayKind
    label: str
    tree: bool

    def as_json(self) -> JSONObject:
        return {
            "source": self.source,
            "target": self.target,
            "kind": self.kind.value,
            "label": self.label,
            "tree": self.tree,
        }


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything on the map; ``width`` and ``height`` hold it with its margins."""

    cards: tuple[Card, ...]
    ways: tuple[Way, ...]
    width: float
    height: float

    def as_json(self) -> JSONObject:
        cards: list[JSON] = [card.as_json() for card in self.cards]
        ways: list[JSON] = [way.as_json() for way in self.ways]
        return {"cards": cards, "ways": ways, "width": self.width, "height": self.height}


def read_map(document: JSON) -> Drawing:
    """Draw the flow and, to its right, its sub-flows."""
    outline, titles = read_outline(document), step_titles(document)
    cards: list[Card] = []
    found: list[Way] = []
    left = 0.0
    for prefix, graph in _graphs(outline):
        drawn, its_ways = _draw(graph, prefix)
        cards += [replace(card, x=card.x + left, title=titles[card.name]) for card in drawn]
        found += its_ways
        left = max((card.x for card in cards), default=0.0) + CARD_WIDTH + CARD_GAP
    width = max((card.x + CARD_WIDTH for card in cards), default=0.0) + MARGIN
    height = max((card.y + card.height for card in cards), default=0.0) + MARGIN
    return Drawing(tuple(cards), tuple(found), width, height)


def _graphs(outline: Outline) -> Iterator[tuple[str, Outline]]:
    yield "", outline
    for name, graph in outline.flows.items():
        yield f"{name}{SUB_FLOW_MARK}", graph


def _draw(graph: Outline, prefix: str) -> tuple[list[Card], list[Way]]:
    start = graph.root.text("initial_state")
    cards = [_card(state, prefix, start=state.name == start) for state in graph.states.values()]
    step_ways = ways_of(graph)
    follows = _follows(step_ways)
    heights = {name: card.height for name, card in zip(graph.states, cards, strict=True)}
    layout = lay_out(list(graph.states), [start] if start else [], follows, heights)
    places, trees = layout.places, _tree_ways(step_ways, layout.parents)
    drawn = [replace(card, x=places[name].x, y=places[name].y) for name, card in zip(graph.states, cards, strict=True)]
    return drawn, [
        Way(prefix + way.source, prefix + way.target, way.kind, way.label, way in trees) for way in step_ways
    ]


def _follows(step_ways: Sequence[StepWay]) -> dict[str, list[str]]:
    """Where each step leads, what was meant before where people end up."""
    follows: dict[str, list[str]] = {}
    for way in sorted(step_ways, key=lambda way: way.kind is not WayKind.CHOSEN):
        follows.setdefault(way.source, []).append(way.target)
    return follows


def _tree_ways(step_ways: Sequence[StepWay], parents: Mapping[str, str]) -> frozenset[StepWay]:
    """One way down to each card, the one that was meant if there is one, so that a map is read without crossings."""
    chosen: dict[str, StepWay] = {}
    for way in sorted(step_ways, key=lambda way: way.kind is not WayKind.CHOSEN):
        if parents.get(way.target) == way.source:
            chosen.setdefault(way.target, way)
    return frozenset(chosen.values())


def _card(state: StateOutline, prefix: str, *, start: bool) -> Card:
    says = _first_words(state)
    badges = tuple(_badges(state))
    lines = min(-(-len(says) // CHARACTERS_A_LINE), MAX_LINES)
    height = CARD_HEIGHT + lines * LINE_HEIGHT + (BADGE_HEIGHT if badges else 0)
    return Card(prefix + state.name, state.name, says, badges, height, start=start)


def _first_words(state: StateOutline) -> str:
    parts = [*state.on_enter, *([state.collect] if state.collect else [])]
    for part in parts:
        for key in ("body", "text"):
            words = _words(part.members.get(key))
            if words:
                return words
    return ""


def _words(value: JSON) -> str:
    if isinstance(value, dict):
        value = next((text for text in value.values() if isinstance(text, str)), "")
    return " ".join(_BLANK.sub("…", value).split()) if isinstance(value, str) else ""


def _badges(state: StateOutline) -> Iterator[tuple[str, int]]:
    for part in state.on_enter:
        kind = _BADGE_OF_ACTION.get(part.text("action") or "")
        if kind is not None:
            yield kind, sum(1 for _ in options(part))
        if part.text("action") == "invoke_connector":
            yield part.text("connector") or "connector", 0
    if state.collect is not None:
        yield "ask", 0
    if state.part.members.get("llm_fallback") is True:
        yield "faq", 0


_BADGE_OF_ACTION: Final = {
    "send_interactive_buttons": "buttons",
    "send_interactive_list": "list",
    "send_dynamic_options": "list",
    "hand_off": "person",
    "schedule_task": "reminder",
    "send_media": "media",
    "send_location": "place",
    "send_template": "template",
    "call": "call",
    "end": "end",
}

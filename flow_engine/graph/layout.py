"""Where each node of a picture stands: in layers by their distance from the start, ordered so that few edges cross."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flow_engine.graph.edges import Graph

NODE_HEIGHT: Final = 36
_CHAR_WIDTH: Final = 7.5
"""Of the monospaced 12 px letters the picture is drawn with; a little wider than they are."""
_PADDING: Final = 24
_GAP: Final = 40
_LAYER_GAP: Final = 120
_MARGIN: Final = 40
BEND: Final = 70
"""How far an edge that leads up swings out to the right."""
_SWEEPS: Final = 6
"""Rounds of ordering; the picture hardly changes after four."""


@dataclass(frozen=True, slots=True)
class Box:
    """Centre and width of a node, in pixels from the upper left corner."""

    x: float
    y: float
    width: float


@dataclass(frozen=True, slots=True)
class Layout:
    boxes: Mapping[str, Box]
    width: float
    height: float


def lay_out(graph: Graph) -> Layout:
    layers = _order(_layers(graph), graph)
    widths = {node.name: len(node.name) * _CHAR_WIDTH + _PADDING for node in graph.nodes}
    full = [sum(widths[name] for name in layer) + _GAP * (len(layer) - 1) for layer in layers]
    width = max(full, default=0.0) + 2 * (_MARGIN + BEND)
    boxes: dict[str, Box] = {}
    for depth, (layer, taken) in enumerate(zip(layers, full, strict=True)):
        left = (width - taken) / 2
        for name in layer:
            boxes[name] = Box(left + widths[name] / 2, _MARGIN + depth * _LAYER_GAP + NODE_HEIGHT / 2, widths[name])
            left += widths[name] + _GAP
    height = 2 * _MARGIN + max(len(layers) - 1, 0) * _LAYER_GAP + NODE_HEIGHT
    return Layout(boxes, width, height)


def _layers(graph: Graph) -> list[list[str]]:
    """By the shortest way from where conversations begin; what cannot be reached stands below all that can."""
    follows: dict[str, list[str]] = {node.name: [] for node in graph.nodes}
    for edge in graph.edges:
        follows[edge.source].append(edge.target)
    led_to = {edge.target for edge in graph.edges}
    front = [node.name for node in graph.nodes if node.kind == "start" or node.name not in led_to]
    layers: list[list[str]] = []
    placed: set[str] = set()
    while front:
        layers.append(front)
        placed.update(front)
        front = list(dict.fromkeys(target for name in front for target in follows[name] if target not in placed))
    rest = [name for name in follows if name not in placed]
    return [*layers, rest] if rest else layers


def _order(layers: list[list[str]], graph: Graph) -> list[list[str]]:
    """Each node moves to the mean place of its neighbours, down and up in turn (Sugiyama's barycentres)."""
    neighbours: dict[str, list[str]] = {node.name: [] for node in graph.nodes}
    for edge in graph.edges:
        neighbours[edge.source].append(edge.target)
        neighbours[edge.target].append(edge.source)
    for sweep in range(_SWEEPS):
        for layer in layers if sweep % 2 == 0 else reversed(layers):
            places = _places(layers)
            means = {name: _mean([places[other] for other in neighbours[name]], places[name]) for name in layer}
            layer.sort(key=means.__getitem__)
    return layers


def _places(layers: Sequence[Sequence[str]]) -> dict[str, float]:
    """From 0 to 1 across the picture."""
    return {name: (index + 0.5) / len(layer) for layer in layers for index, name in enumerate(layer)}


def _mean(values: Sequence[float], own: float) -> float:
    return sum(values) / len(values) if values else own

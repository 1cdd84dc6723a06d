"""The picture as SVG, complete in one file: no script, no font, no address outside of it."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Final

from flow_engine.graph.edges import Edge, Graph, Node
from flow_engine.graph.layout import BEND, NODE_HEIGHT, Box, Layout, lay_out

_LABEL_CHARS: Final = 28
"""Of an edge's label; the whole of it shows when the pointer rests on the edge."""
_SELF_EVIDENT: Final = ("", "otherwise")
"""Labels that are not drawn: a dotted way is the fallback unless it says something else."""
_FIRST_LABEL, _LABEL_STEP, _LABEL_PLACES = 0.55, 0.09, 4
"""How far along their edges labels stand: those of one node one after the other, so that few cover each other."""
_LOOP: Final = 16
_STYLE: Final = (
    "text{font:12px ui-monospace,monospace;fill:#1f2933;text-anchor:middle}"
    ".label{font-size:10px;fill:#52606d;paint-order:stroke;stroke:#fff;stroke-width:3px}"
    "rect{fill:#fff;stroke:#52606d}.start{fill:#d9f2e6}.mark{fill:#f0f4f8;stroke-dasharray:3 3}"
    "path{fill:none;stroke:#829ab1}.dotted{stroke-dasharray:4 4}"
)


def draw_svg(graph: Graph) -> str:
    return "\n".join(_lines(graph, lay_out(graph))) + "\n"


def _lines(graph: Graph, layout: Layout) -> Iterator[str]:
    width, height = round(layout.width), round(layout.height)
    yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}">'
    yield f"<style>{_STYLE}</style>"
    yield '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
    yield '<path d="M0 0L8 4L0 8z" style="fill:#829ab1;stroke:none"/></marker></defs>'
    drawn: dict[str, int] = {}
    for edge in graph.edges:
        number = drawn[edge.source] = drawn.get(edge.source, -1) + 1
        place = _FIRST_LABEL + number % _LABEL_PLACES * _LABEL_STEP
        yield from _draw_edge(edge, layout.boxes[edge.source], layout.boxes[edge.target], place)
    for node in graph.nodes:
        yield from _draw_node(node, layout.boxes[node.name])
    yield "</svg>"


def _draw_node(node: Node, box: Box) -> Iterator[str]:
    left, top = box.x - box.width / 2, box.y - NODE_HEIGHT / 2
    size = f'x="{left:.1f}" y="{top:.1f}" width="{box.width:.1f}" height="{NODE_HEIGHT}"'
    yield f'<rect class="{node.kind}" rx="8" {size}/>'
    yield f'<text x="{box.x:.1f}" y="{box.y + 4:.1f}">{_text(node.name)}</text>'


def _draw_edge(edge: Edge, source: Box, target: Box, place: float) -> Iterator[str]:
    """``place`` is how far along the edge its label stands, from 0 to 1."""
    path, (x, y) = _curve(source, target, place)
    kind = ' class="dotted"' if edge.dotted else ""
    title = f"{edge.source} → {edge.target}: {edge.label}" if edge.label else f"{edge.source} → {edge.target}"
    yield f'<g><title>{_text(title)}</title><path{kind} d="{path}" marker-end="url(#tip)"/>'
    if edge.label not in _SELF_EVIDENT and edge.source != edge.target:
        short = edge.label if len(edge.label) <= _LABEL_CHARS else edge.label[: _LABEL_CHARS - 1] + "…"
        yield f'<text class="label" x="{x:.1f}" y="{y:.1f}">{_text(short)}</text>'
    yield "</g>"


def _curve(source: Box, target: Box, place: float) -> tuple[str, tuple[float, float]]:
    """The path of an edge and where its label stands: down, beside itself, or around on the right."""
    half = NODE_HEIGHT / 2
    right, across = source.x + source.width / 2, target.x + target.width / 2
    if source.y < target.y:
        points = (source.x, source.y + half), (source.x, source.y + 2 * NODE_HEIGHT)
        ends = (target.x, target.y - 2 * NODE_HEIGHT), (target.x, target.y - half)
    elif source == target:
        points = (right, source.y - 8), (right + 2 * _LOOP, source.y - _LOOP)
        ends = (right + 2 * _LOOP, source.y + _LOOP), (right, source.y + 8)
    elif source.y == target.y:
        points = (source.x, source.y + half), (source.x, source.y + half + _LOOP * 2)
        ends = (target.x, target.y + half + _LOOP * 2), (target.x, target.y + half)
    else:
        bend = max(right, across) + BEND
        points, ends = ((right, source.y - 6), (bend, source.y - 6)), ((bend, target.y + 6), (across, target.y + 6))
    (begin, first), (second, end) = points, ends
    text = f"M{_point(begin)}C{_point(first)} {_point(second)} {_point(end)}"
    return text, _on_curve((begin, first, second, end), place)


def _on_curve(curve: tuple[tuple[float, float], ...], place: float) -> tuple[float, float]:
    """The point of a cubic Bézier curve at ``place``."""
    rest = 1 - place
    weights = (rest**3, 3 * rest**2 * place, 3 * rest * place**2, place**3)
    x, y = (sum(weight * point[axis] for weight, point in zip(weights, curve, strict=True)) for axis in (0, 1))
    return x, y


def _point(point: tuple[float, float]) -> str:
    return f"{point[0]:.1f} {point[1]:.1f}"


def _text(text: str) -> str:
    """Escaped, and without control characters, which no XML may hold."""
    return escape("".join(char if char.isprintable() else " " for char in text))

"""The picture as SVG, complete in one file: no script, no font, no address outside of it."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Final

from flow_engine.graph.edges import Edge, Graph, Node
from flow_engine.graph.layout import NODE_HEIGHT, Box, Layout, lay_out

_LABEL_CHARS: Final = 28
"""Of an edge's label; the whole of it shows when the pointer rests on the edge."""
_BEND: Final = 60
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
    for edge in graph.edges:
        yield from _draw_edge(edge, layout.boxes[edge.source], layout.boxes[edge.target])
    for node in graph.nodes:
        yield from _draw_node(node, layout.boxes[node.name])
    yield "</svg>"


def _draw_node(node: Node, box: Box) -> Iterator[str]:
    left, top = box.x - box.width / 2, box.y - NODE_HEIGHT / 2
    size = f'x="{left:.1f}" y="{top:.1f}" width="{box.width:.1f}" height="{NODE_HEIGHT}"'
    yield f'<rect class="{node.kind}" rx="8" {size}/>'
    yield f'<text x="{box.x:.1f}" y="{box.y + 4:.1f}">{_text(node.name)}</text>'


def _draw_edge(edge: Edge, source: Box, target: Box) -> Iterator[str]:
    path, x, y = _curve(source, target)
    kind = ' class="dotted"' if edge.dotted else ""
    title = f"{edge.source} → {edge.target}: {edge.label}" if edge.label else f"{edge.source} → {edge.target}"
    yield f'<g><title>{_text(title)}</title><path{kind} d="{path}" marker-end="url(#tip)"/>'
    if edge.label:
        short = edge.label if len(edge.label) <= _LABEL_CHARS else edge.label[: _LABEL_CHARS - 1] + "…"
        yield f'<text class="label" x="{x:.1f}" y="{y:.1f}">{_text(short)}</text>'
    yield "</g>"


def _curve(source: Box, target: Box) -> tuple[str, float, float]:
    """The path of an edge and where its label stands: down, up along the right side, or around itself."""
    half = NODE_HEIGHT / 2
    if source.y < target.y:
        top, bottom = source.y + half, target.y - half
        middle = (top + bottom) / 2
        down = f"C{source.x:.1f} {middle:.1f} {target.x:.1f} {middle:.1f} {target.x:.1f} {bottom:.1f}"
        return f"M{source.x:.1f} {top:.1f}{down}", (source.x + target.x) / 2, middle
    begin, end = (source.x + source.width / 2, source.y - 6), (target.x + target.width / 2, target.y + 6)
    bend = max(begin[0], end[0]) + _BEND
    up = f"C{bend:.1f} {begin[1]:.1f} {bend:.1f} {end[1]:.1f} {end[0]:.1f} {end[1]:.1f}"
    return f"M{begin[0]:.1f} {begin[1]:.1f}{up}", bend - _BEND / 4, (begin[1] + end[1]) / 2


def _text(text: str) -> str:
    """Escaped, and without control characters, which no XML may hold."""
    return escape("".join(char if char.isprintable() else " " for char in text))

"""The picture as Mermaid, which Markdown viewers draw."""

from __future__ import annotations

from collections.abc import Iterator

from flow_engine.graph.edges import Graph, Node

_ESCAPED = str.maketrans({char: f"#{ord(char)};" for char in '"#&<>[](){}|\\`'})
"""Mermaid takes characters by number; these mean something to it."""


def draw_mermaid(graph: Graph) -> str:
    ids = {node.name: f"n{index}" for index, node in enumerate(graph.nodes)}
    return "\n".join(_lines(graph, ids)) + "\n"


def _lines(graph: Graph, ids: dict[str, str]) -> Iterator[str]:
    yield "flowchart TD"
    for node in graph.nodes:
        yield f"    {ids[node.name]}{_shape(node)}"
    for edge in graph.edges:
        arrow = "-.->" if edge.dotted else "-->"
        label = f'|"{_escape(edge.label)}"|' if edge.label else ""
        yield f"    {ids[edge.source]} {arrow}{label} {ids[edge.target]}"


def _shape(node: Node) -> str:
    text = f'"{_escape(node.name)}"'
    match node.kind:
        case "start":
            return f"([{text}])"
        case "mark":
            return f"(({text}))"
        case _:
            return f"[{text}]"


def _escape(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text).translate(_ESCAPED)

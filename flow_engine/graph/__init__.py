"""A flow as a picture: its states and the ways between them, as Mermaid or SVG."""

from __future__ import annotations

from flow_engine.graph.edges import Edge, Graph, Node, read_graph
from flow_engine.graph.mermaid import draw_mermaid
from flow_engine.graph.svg import draw_svg

__all__ = ["Edge", "Graph", "Node", "draw_mermaid", "draw_svg", "read_graph"]

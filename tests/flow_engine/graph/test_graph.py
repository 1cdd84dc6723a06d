"""A flow as a picture: every way is an edge, every edge is drawn, and nothing a flow says breaks the drawing."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from flow_engine.graph import Edge, Graph, Node, draw_mermaid, draw_svg, read_graph
from flow_engine.graph.layout import NODE_HEIGHT, lay_out
from flow_engine.language.yaml_reader import read_yaml

FLOW = """\
initial_state: A
session: { target: B }
global_transitions: [{ on_payload: menu, target: A }, { on_payload: back, target: "@back" }]
states:
  A:
    on_enter:
      - { action: call, flow: ask }
      - { action: invoke_connector, on_error: { timeout: C, conflict: B, default: null } }
      - { action: go_to, when: data.done, target: "@end" }
    transitions:
      - { on_payload: a, target: B }
      - { on_payload: b, target: B }
      - { on_payload: c, target: B }
      - { on_payload: d, target: B }
    fallback: A
  B:
    collect: { target: C, on_max_tries: "@restart" }
    timeout: { target: A }
  C: {}
flows:
  ask: { initial_state: Q, states: { Q: { transitions: [{ on_type: [text], target: "@end" }] } } }
"""

NAMES = st.text(min_size=1, max_size=12)


def graph_of(text: str) -> Graph:
    value = read_yaml(text).value
    assert isinstance(value, dict)
    return read_graph(value)


def test_every_way_is_an_edge() -> None:
    assert set(graph_of(FLOW).edges) == {
        Edge("any state", "A", "'menu'"),
        Edge("any state", "@back", "'back'"),
        Edge("any state", "B", "session over", dotted=True),
        Edge("A", "B", "'a', 'b', 'c', …"),
        Edge("A", "ask/Q", "calls"),
        Edge("A", "C", "on timeout", dotted=True),
        Edge("A", "B", "on conflict", dotted=True),
        Edge("A", "@end", "if data.done"),
        Edge("A", "A", "otherwise", dotted=True),
        Edge("B", "C", "answered"),
        Edge("B", "A", "too many tries, no answer", dotted=True),
        Edge("ask/Q", "ask/@end", "any text"),
    }


def test_states_are_nodes_and_what_is_no_state_is_a_mark() -> None:
    assert graph_of(FLOW).nodes == (
        Node("A", "start"),
        Node("B"),
        Node("C"),
        Node("ask/Q"),
        Node("any state", "mark"),
        Node("@back", "mark"),
        Node("@end", "mark"),
        Node("ask/@end", "mark"),
    )


def test_mermaid_takes_hostile_names_by_number() -> None:
    drawn = draw_mermaid(Graph((Node('A"]\n-->'), Node("B")), (Edge('A"]\n-->', "B", "a|b", dotted=True),)))

    assert drawn == (
        "flowchart TD\n"
        '    n0["A#34;#93; --#62;"]\n'
        '    n1["B"]\n'
        '    n0 -.->|"a#124;b"| n1\n'
    )  # fmt: skip


def test_the_svg_holds_every_state_and_every_way() -> None:
    graph = graph_of(FLOW)

    root = ET.fromstring(draw_svg(graph))  # noqa: S314  # our own drawing

    names = [text.text for text in root.findall("{*}text")]
    assert names == [node.name for node in graph.nodes]
    assert len(root.findall("{*}g")) == len(graph.edges)


def test_nodes_do_not_cover_each_other_and_stay_inside() -> None:
    layout = lay_out(graph_of(FLOW))
    boxes = list(layout.boxes.values())

    for index, box in enumerate(boxes):
        assert box.width / 2 <= box.x <= layout.width - box.width / 2
        assert NODE_HEIGHT / 2 <= box.y <= layout.height - NODE_HEIGHT / 2
        for other in boxes[index + 1 :]:
            assert abs(box.x - other.x) >= (box.width + other.width) / 2 or abs(box.y - other.y) >= NODE_HEIGHT


@given(st.lists(NAMES, min_size=1, max_size=6, unique=True), st.data())
def test_any_graph_is_drawn_without_script_or_broken_markup(names: list[str], data: st.DataObject) -> None:
    ends = st.sampled_from(names)
    edges = data.draw(st.lists(st.builds(Edge, ends, ends, NAMES, st.booleans()), max_size=8))
    graph = Graph(tuple(map(Node, names)), tuple(edges))

    root = ET.fromstring(draw_svg(graph))  # noqa: S314  # our own drawing
    kinds = {re.sub("{.*}", "", element.tag) for element in root.iter()}

    assert kinds <= {"svg", "style", "defs", "marker", "path", "g", "title", "text", "rect"}
    assert len(draw_mermaid(graph).splitlines()) == 1 + len(names) + len(edges)

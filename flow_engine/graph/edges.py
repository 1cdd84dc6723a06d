"""What of a flow is drawn: states as nodes, every way between two states as one edge."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from flow_engine.flow_map import flows_of, mapping, objects, transitions_of, trigger
from flow_engine.vocabulary import JSON, JSONObject

ANYWHERE: Final = "any state"
_CALL: Final = "/"
"""Before the name of a sub-flow that an action calls; no state's name begins so."""

_MAX_LABELS: Final = 3
"""Reasons written at one edge; a picture with more is read by nobody."""


_WAYS_OUT: Final = (
    ("collect", "target", "answered"),
    ("collect", "on_max_tries", "too many tries"),
    ("timeout", "target", "no answer"),
)


@dataclass(frozen=True, slots=True)
class Node:
    """``kind`` is ``start``, ``state``, or ``mark`` for what is no state: any state, the end, one step back."""

    name: str
    kind: str = "state"


@dataclass(frozen=True, slots=True)
class Edge:
    """``dotted`` is a way that nobody chose: a fallback, a failure, a timeout."""

    source: str
    target: str
    label: str = ""
    dotted: bool = False


@dataclass(frozen=True, slots=True)
class Graph:
    """Every edge's ends are among the nodes; nodes stand in the order of the flow."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def read_graph(program: JSONObject) -> Graph:
    """The picture of a normalised program."""
    nodes: dict[str, Node] = {}
    edges: list[Edge] = []
    for prefix, _, flow in flows_of(program):
        initial = str(flow.get("initial_state"))
        for name in mapping(flow, "states"):
            nodes[prefix + name] = Node(prefix + name, "start" if name == initial and not prefix else "state")
        edges += _edges_of_flow(prefix, flow, program)
    for edge in edges:
        for name in (edge.source, edge.target):
            nodes.setdefault(name, Node(name, "mark"))
    return Graph(tuple(nodes.values()), _merged(edges))


def _edges_of_flow(prefix: str, flow: JSONObject, program: JSONObject) -> Iterator[Edge]:
    anywhere = prefix + ANYWHERE
    for transition in transitions_of(program, prefix or None):
        yield Edge(anywhere, _target(transition.get("target"), prefix, flow, program), trigger(transition))
    session = mapping(flow, "session")
    if session.get("target") is not None:
        yield Edge(anywhere, _target(session["target"], prefix, flow, program), "session over", dotted=True)
    for name, state in mapping(flow, "states").items():
        for edge in _edges_of_state(prefix + name, state, program):
            yield Edge(edge.source, _target(edge.target, prefix, flow, program), edge.label, edge.dotted)


def _edges_of_state(name: str, state: JSON, program: JSONObject) -> Iterator[Edge]:
    """Edges whose targets are still as the state writes them."""
    for transition in transitions_of(program, name):
        yield Edge(name, str(transition.get("target")), trigger(transition))
    for key, field, label in _WAYS_OUT:
        target = mapping(state, key).get(field)
        if target is not None:
            yield Edge(name, str(target), label, dotted=label != "answered")
    for action in objects(state, "on_enter"):
        yield from _edges_of_action(name, action)
    fallback = state.get("fallback") if isinstance(state, dict) else None
    if fallback is not None:
        yield Edge(name, str(fallback), "otherwise", dotted=True)


def _edges_of_action(name: str, action: JSONObject) -> Iterator[Edge]:
    label = "" if action.get("when") is None else f"if {action['when']}"
    if action.get("action") == "go_to":
        yield Edge(name, str(action.get("target")), label)
    elif action.get("action") == "call":
        yield Edge(name, _CALL + str(action.get("flow")), f"calls {label}".strip())
    elif action.get("action") == "end":
        yield Edge(name, "@end", label)
    on_error = action.get("on_error")
    targets = on_error if isinstance(on_error, dict) else {} if on_error is None else {"failure": on_error}
    for kind, target in targets.items():
        if target is not None:
            yield Edge(name, str(target), f"on {kind}", dotted=True)


def _target(written: JSON, prefix: str, flow: JSONObject, program: JSONObject) -> str:
    """The node that a target leads to: a state of the same flow, a called flow's first, or a word that is drawn."""
    text = str(written)
    if text == "@restart":
        return prefix + str(flow.get("initial_state"))
    if text.startswith(_CALL):
        called = text.removeprefix(_CALL)
        return f"{called}/{mapping(mapping(program, 'flows'), called).get('initial_state')}"
    return prefix + text


def _merged(edges: list[Edge]) -> tuple[Edge, ...]:
    """One edge for all ways of one kind between the same two nodes."""
    labels: dict[tuple[str, str, bool], list[str]] = {}
    for edge in edges:
        labels.setdefault((edge.source, edge.target, edge.dotted), []).append(edge.label)
    return tuple(
        Edge(source, target, _joined(list(dict.fromkeys(filter(None, texts)))), dotted)
        for (source, target, dotted), texts in labels.items()
    )


def _joined(texts: list[str]) -> str:
    return ", ".join(texts[:_MAX_LABELS]) + (", …" if len(texts) > _MAX_LABELS else "")

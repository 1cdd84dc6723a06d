"""The parts of a flow by name, and their triggers in words; for what tells people about a flow.

A flow here is plain JSON: the document as an author wrote it, or the normalised program.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from flow_engine.vocabulary import JSON, JSONObject

type Path = tuple[str | int, ...]

SUB_FLOW_MARK: Final = "/"
"""Stands between the name of a sub-flow and that of its state."""


def flows_of(document: JSONObject) -> Iterator[tuple[str, Path, JSONObject]]:
    """The flow itself and its sub-flows: what stands before the names of its states, where it is, and the flow."""
    yield "", (), document
    for name, flow in mapping(document, "flows").items():
        if isinstance(flow, dict):
            yield f"{name}{SUB_FLOW_MARK}", ("flows", name), flow


def states_of(document: JSONObject) -> Iterator[tuple[str, Path, JSONObject]]:
    """Every state by its full name (``STATE`` or ``flow/STATE``), sub-flows last."""
    for prefix, path, flow in flows_of(document):
        for name, state in mapping(flow, "states").items():
            yield prefix + name, (*path, "states", name), state if isinstance(state, dict) else {}


def transitions_of(document: JSONObject, owner: str | None) -> list[JSONObject]:
    """The transitions of a state; ``None`` asks for the global ones, ``<flow>/`` for those of a sub-flow."""
    for prefix, _, flow in flows_of(document):
        if owner == (prefix or None):
            return objects(flow, "global_transitions")
    found = (state for name, _, state in states_of(document) if name == owner)
    return objects(next(found, {}), "transitions")


def trigger(transition: JSONObject) -> str:
    """What a transition waits for: ``'menu_book'``, ``'day_…'``, ``image``, ``if data.booking``."""
    parts: list[str] = []
    if transition.get("on_payload") is not None:
        parts.append(f"'{transition['on_payload']}'")
    if transition.get("on_payload_prefix") is not None:
        parts.append(f"'{transition['on_payload_prefix']}…'")
    if transition.get("on_text") is not None:
        parts.append("the words " + ", ".join(_words(transition["on_text"])))
    if transition.get("on_pattern") is not None:
        parts.append(f"the pattern {transition['on_pattern']}")
    if transition.get("on_type") is not None:
        parts.append("any " + " or ".join(_words(transition["on_type"])))
    if transition.get("on_referral"):
        parts.append("an advertisement")
    if transition.get("condition") is not None:
        parts.append(f"if {transition['condition']}")
    return " and ".join(parts)


def mapping(holder: JSON, key: str) -> JSONObject:
    value = holder.get(key) if isinstance(holder, dict) else None
    return value if isinstance(value, dict) else {}


def objects(holder: JSON, key: str) -> list[JSONObject]:
    """The mappings of a list; anything else in it counts as an empty one, so that indexes stay."""
    value = holder.get(key) if isinstance(holder, dict) else None
    return [item if isinstance(item, dict) else {} for item in value] if isinstance(value, list) else []


def _words(value: JSON) -> list[str]:
    """The texts of a text, a list, or a mapping of languages to either; each once."""
    if isinstance(value, dict):
        return list(dict.fromkeys(word for item in value.values() for word in _words(item)))
    return [str(item) for item in value] if isinstance(value, list) else [str(value)]

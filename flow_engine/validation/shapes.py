"""What kinds of value a name in ``data`` can hold, as far as the flow and the catalogue tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from flow_engine.validation.catalog import Catalog, operation_of
from flow_engine.validation.outline import Outline, Part, words_within
from flow_engine.vocabulary import JSON


class Kind(StrEnum):
    """The kinds of JSON, in the words of the language."""

    TEXT = "a text"
    NUMBER = "a number"
    TRUTH = "true or false"
    LIST = "a list"
    OBJECT = "an object"
    NOTHING = "null"


@dataclass(frozen=True, slots=True)
class Shape:
    """The kinds a value can have. ``members`` of an object and ``item`` of a list where they are known."""

    kinds: frozenset[Kind]
    members: Mapping[str, Shape] | None = None
    item: Shape | None = None


ANYTHING: Final = Shape(frozenset(Kind))
TEXT: Final = Shape(frozenset((Kind.TEXT,)))
NUMBER: Final = Shape(frozenset((Kind.NUMBER,)))
TRUTH: Final = Shape(frozenset((Kind.TRUTH,)))
LIST: Final = Shape(frozenset((Kind.LIST,)))
NOTHING: Final = Shape(frozenset((Kind.NOTHING,)))

_COLLECTED: Final = {
    **dict.fromkeys(("text", "date", "time", "datetime", "email", "phone", "choice"), TEXT),
    **dict.fromkeys(("number", "integer"), NUMBER),
    **dict.fromkeys(("location", "media"), Shape(frozenset((Kind.OBJECT,)))),
}


def data_shapes(outline: Outline) -> dict[str, Shape]:
    """The shape of every name that is written, over the flow and its sub-flows together."""
    shapes: dict[str, Shape] = {"today": TEXT, "now": TEXT}
    for action in outline.actions():
        _add_action(shapes, action, outline.surroundings.catalog)
    for transition in outline.transitions():
        _add(shapes, transition.text("extract_suffix_as"), TEXT)
        _add_members(shapes, transition, "set_data")
    for state in outline.every_state():
        for part in (*state.part.inner("timeout"), *state.part.inner("collect")):
            _add_members(shapes, part, "set_data")
            _add(shapes, part.text("save_as"), _COLLECTED.get(part.text("type") or "", ANYTHING))
    for graph in outline.flows.values():
        for word in words_within(graph.root.members.get("inputs"), ()):
            _add(shapes, word.text, ANYTHING)
    if any(True for _ in outline.audiences()):
        _add(shapes, "item", ANYTHING)
    return shapes


def _add_action(shapes: dict[str, Shape], action: Part, catalog: Catalog) -> None:
    _add(shapes, action.text("result_key"), result_of(action, catalog))
    if action.text("action") == "set_data":
        _add_members(shapes, action, "values")
    elif action.text("action") == "call":
        for outputs in action.inner("outputs"):
            for name in outputs.members:
                _add(shapes, name, ANYTHING)
    if action.has("on_error"):
        _add(shapes, "error_kind", TEXT)


def result_of(call: Part, catalog: Catalog) -> Shape:
    """What a call to a connector gives, as the catalogue shows it."""
    operation = operation_of(call.text("connector"), call.text("operation"), catalog)
    return ANYTHING if operation is None or operation.result is None else shape_of(operation.result)


def shape_of(value: JSON) -> Shape:
    """The shape of ``value`` as it is written; a text with a placeholder alone may become anything."""
    match value:
        case None:
            return NOTHING
        case bool():
            return TRUTH
        case int() | float():
            return NUMBER
        case str():
            return ANYTHING if value.startswith("{{") and value.endswith("}}") else TEXT
        case list():
            return Shape(LIST.kinds, item=shape_of(value[0]) if len(value) == 1 else None)
        case dict():
            return Shape(frozenset((Kind.OBJECT,)), {name: shape_of(member) for name, member in value.items()})


def either(one: Shape, other: Shape) -> Shape:
    """A value that is one or the other; members are known only where they are the same."""
    if one == other:
        return one
    return Shape(one.kinds | other.kinds)


def _add_members(shapes: dict[str, Shape], part: Part, key: str) -> None:
    for inner in part.inner(key):
        for name, value in inner.members.items():
            _add(shapes, name, shape_of(value))


def _add(shapes: dict[str, Shape], name: str | None, shape: Shape) -> None:
    if name is not None:
        shapes[name] = either(shapes[name], shape) if name in shapes else shape

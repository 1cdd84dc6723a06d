"""Finds operations of an expression that can never make sense, whatever the customer does.

Only what is certain is told: a name that holds a number here and a text there fits both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, assert_never

from flow_engine.expressions.nodes import Binary, Call, Constant, Filtered, Node, Path, Sequence, Unary
from flow_engine.validation.shapes import ANYTHING, LIST, NUMBER, TEXT, TRUTH, Kind, Shape, either, shape_of

_ORDER: Final = ("<", "<=", ">", ">=")
_ORDERED: Final = (Kind.TEXT, Kind.NUMBER)
_COUNTED: Final = frozenset((Kind.LIST, Kind.TEXT, Kind.OBJECT))

_TAKES: Final[Mapping[str, frozenset[Kind]]] = {
    "length": _COUNTED,
    "first": frozenset((Kind.LIST, Kind.TEXT)),
    "last": frozenset((Kind.LIST, Kind.TEXT)),
    "join": LIST.kinds,
    "title_of": LIST.kinds,
    "date": TEXT.kinds,
    "time": TEXT.kinds,
    "later_than": TEXT.kinds,
    "number": NUMBER.kinds,
    "plural": NUMBER.kinds,
}
"""What filters make sense of; one that is not here takes anything."""

_GIVES: Final[Mapping[str, Shape]] = {
    **dict.fromkeys(("upper", "lower", "capitalize", "join", "date", "time"), TEXT),
    "length": NUMBER,
}


@dataclass(frozen=True, slots=True)
class Misfit:
    """An operation that makes no sense, or a member that is not there (``absent``)."""

    message: str
    absent: bool = False


def misfits(node: Node, data: Mapping[str, Shape]) -> Iterator[Misfit]:
    """Everything in ``node`` that cannot be; ``data`` are the shapes of what the flow keeps."""
    match node:
        case Path():
            yield from _walk(node, data)[1]
        case Constant():
            return
        case Sequence(items):
            for item in items:
                yield from misfits(item, data)
        case Unary(operator, operand):
            yield from misfits(operand, data)
            if operator == "-":
                yield from _must("-", operand, NUMBER.kinds, data)
        case Binary():
            yield from misfits(node.left, data)
            yield from misfits(node.right, data)
            yield from _binary(node, data)
        case Filtered():
            yield from misfits(node.operand, data)
            for argument in node.arguments:
                yield from misfits(argument, data)
            if node.name in _TAKES:
                yield from _must(f"| {node.name}", node.operand, _TAKES[node.name], data)
        case Call():
            yield from misfits(node.argument, data)
        case _:
            assert_never(node)


def shape(node: Node, data: Mapping[str, Shape]) -> Shape:
    """What ``node`` can give."""
    match node:
        case Constant(value):
            return TEXT if isinstance(value, str) else shape_of(value)
        case Path():
            return _walk(node, data)[0]
        case Sequence():
            return LIST
        case Unary(operator):
            return TRUTH if operator == "not" else NUMBER
        case Binary(operator, left, right):
            if operator in ("and", "or"):
                return either(shape(left, data), shape(right, data))
            if operator in ("-", "*"):
                return NUMBER
            return ANYTHING if operator == "+" else TRUTH
        case Filtered():
            return _GIVES.get(node.name, ANYTHING)
        case Call():
            return ANYTHING
        case _:
            assert_never(node)


def _binary(node: Binary, data: Mapping[str, Shape]) -> Iterator[Misfit]:
    left, right = shape(node.left, data).kinds, shape(node.right, data).kinds
    if node.operator in _ORDER:
        if not any(kind in left and kind in right for kind in _ORDERED):
            yield Misfit(f"{_said(left)} and {_said(right)} have no order, so '{node.operator}' is always false.")
    elif node.operator in ("==", "!="):
        if not left & right and Kind.NOTHING not in left | right:
            yield Misfit(f"{_said(left)} never equals {_said(right)}.".capitalize())
    elif node.operator in ("in", "not in"):
        if not right & _COUNTED:
            yield Misfit(f"Nothing is ever in {_said(right)}.")
    elif node.operator in ("-", "*"):
        yield from _must(node.operator, node.left, NUMBER.kinds, data)
        yield from _must(node.operator, node.right, NUMBER.kinds, data)
    elif node.operator == "+" and not (Kind.TEXT in left | right or (Kind.NUMBER in left and Kind.NUMBER in right)):
        yield Misfit(f"{_said(left)} and {_said(right)} cannot be added.".capitalize())


def _must(operation: str, operand: Node, wanted: frozenset[Kind], data: Mapping[str, Shape]) -> Iterator[Misfit]:
    kinds = shape(operand, data).kinds - {Kind.NOTHING}
    if kinds and not kinds & wanted:
        yield Misfit(f"'{operation}' needs {_said(wanted)}, and this is {_said(kinds)}.")


def _walk(path: Path, data: Mapping[str, Shape]) -> tuple[Shape, tuple[Misfit, ...]]:
    """What stands at the end of the path, and where the way breaks off."""
    if path.root != "data" or not path.steps:
        return ANYTHING, ()
    here, name = data.get(str(path.steps[0]), ANYTHING), f"data.{path.steps[0]}"
    for step in path.steps[1:]:
        kinds = here.kinds - {Kind.NOTHING}
        holder = Kind.OBJECT if isinstance(step, str) else Kind.LIST
        if kinds and holder not in kinds:
            return ANYTHING, (Misfit(f"'{name}' is {_said(kinds)} and has no {step!r} in it."),)
        if isinstance(step, int):
            here = here.item or ANYTHING
        elif here.members is None or kinds != {Kind.OBJECT}:
            here = ANYTHING
        elif step in here.members:
            here = here.members[step]
        else:
            known = ", ".join(here.members)
            return ANYTHING, (Misfit(f"'{name}' has no '{step}'; it has {known}.", absent=True),)
        name += f".{step}" if isinstance(step, str) else f"[{step}]"
    return here, ()


def _said(kinds: frozenset[Kind]) -> str:
    return " or ".join(kind.value for kind in Kind if kind in kinds)

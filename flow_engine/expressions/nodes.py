"""What the parser yields: the closed union of expression nodes, frozen.

Rules that look into expressions read these; ``closures`` turns them into functions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, assert_never

from flow_engine.vocabulary import JSON

type UnaryOperator = Literal["not", "-"]
type BinaryOperator = Literal["or", "and", "==", "!=", "<", "<=", ">", ">=", "in", "not in", "+", "-", "*"]


@dataclass(frozen=True, slots=True)
class Constant:
    """A text, number, ``true``, ``false`` or ``null`` written out."""

    value: JSON


@dataclass(frozen=True, slots=True)
class Path:
    """A way into the scope: ``data.slots[0].title`` is root ``data``, steps ``("slots", 0, "title")``."""

    root: str
    steps: tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list written out: ``["mon", "tue"]``."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Unary:
    """``not x`` or ``-x``."""

    operator: UnaryOperator
    operand: Node


@dataclass(frozen=True, slots=True)
class Binary:
    """``left operator right``."""

    operator: BinaryOperator
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Filtered:
    """``operand | name: argument, argument``."""

    operand: Node
    name: str
    arguments: tuple[Node, ...]
    column: int


@dataclass(frozen=True, slots=True)
class Call:
    """``root.name(argument)``."""

    root: str
    name: str
    argument: Node


type Node = Constant | Path | Sequence | Unary | Binary | Filtered | Call


def names_read(node: Node) -> Iterator[str]:
    """The names directly under ``data`` that an expression looks up: ``data.slots[0]`` reads ``slots``."""
    match node:
        case Path("data", (str(name), *_)):
            yield name
        case Sequence(items):
            for item in items:
                yield from names_read(item)
        case Unary():
            yield from names_read(node.operand)
        case Binary():
            yield from names_read(node.left)
            yield from names_read(node.right)
        case Filtered():
            yield from names_read(node.operand)
            for argument in node.arguments:
                yield from names_read(argument)
        case Call():
            yield from names_read(node.argument)
        case Constant() | Path():
            return
        case _:
            assert_never(node)

"""Which of the roots ``data``, ``contact``, ``business``, ``value`` and ``item`` an expression starts from."""

from __future__ import annotations

from typing import assert_never

from flow_engine.expressions.nodes import Binary, Call, Constant, Filtered, Node, Path, Sequence, Unary


def roots(node: Node) -> set[str]:
    match node:
        case Path(root):
            return {root}
        case Call(root, _, argument):
            return {root} | roots(argument)
        case Constant():
            return set()
        case Sequence(items):
            return set().union(*map(roots, items))
        case Unary(_, operand):
            return roots(operand)
        case Binary(_, left, right):
            return roots(left) | roots(right)
        case Filtered(operand, _, arguments):
            return roots(operand).union(*map(roots, arguments))
        case _:
            assert_never(node)

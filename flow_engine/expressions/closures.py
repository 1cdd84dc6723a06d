"""Nodes to Python closures: the tree is walked once, at compile time, never while rendering."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches
from functools import lru_cache
from typing import Final, assert_never, cast

from flow_engine.errors import ExpressionError
from flow_engine.expressions import operators
from flow_engine.expressions.computed import COMPUTED, computed_member, whole_data
from flow_engine.expressions.filters import FILTERS
from flow_engine.expressions.functions import FUNCTIONS
from flow_engine.expressions.locale import Locale
from flow_engine.expressions.nodes import Binary, Call, Constant, Filtered, Node, Path, Sequence, Unary
from flow_engine.vocabulary import JSON

type Scope = Mapping[str, JSON] | Mapping[str, Mapping[str, JSON]]
"""What expressions see: the roots ``data``, ``contact`` and ``business``, each an object."""

type Evaluate = Callable[[Scope], JSON]

_OPERATIONS: Final[Mapping[str, Callable[[JSON, JSON], JSON]]] = {
    "==": operators.equal,
    "!=": lambda left, right: not operators.equal(left, right),
    "<": operators.less,
    "<=": operators.less_or_equal,
    ">": lambda left, right: operators.less(right, left),
    ">=": lambda left, right: operators.less_or_equal(right, left),
    "in": operators.contains,
    "not in": lambda item, container: not operators.contains(item, container),
    "+": operators.add,
    "-": operators.subtract,
    "*": operators.multiply,
}


def build(node: Node, locale: Locale) -> Evaluate:
    """The function that evaluates ``node``. Raises ExpressionError for an unknown filter or argument."""
    match node:
        case Constant(value):
            return lambda _scope: value
        case Path(root, steps):
            return _path(root, steps, locale)
        case Sequence(items):
            return _sequence(items, locale)
        case Unary(operator, operand):
            inner = build(operand, locale)
            if operator == "not":
                return lambda scope: not inner(scope)
            return lambda scope: operators.negate(inner(scope))
        case Binary():
            return _binary(node, locale)
        case Filtered():
            return _filtered(node, locale)
        case Call():
            return _call(node, locale)
        case _:
            assert_never(node)


def _path(root: str, steps: tuple[str | int, ...], locale: Locale) -> Evaluate:
    """Look up plain keys and indexes only; what is not there is null.

    The scope is plain JSON, so ``[]`` is all there is: no attribute of any object is ever read.
    """
    if root == "data" and not steps:
        return whole_data(locale)
    if len(steps) == 1 and isinstance(steps[0], str):
        name = steps[0]
        member = _member(root, name)
        return computed_member(name, locale, member) if root == "data" and name in COMPUTED else member
    if len(steps) == 2 and all(isinstance(step, str) for step in steps):  # noqa: PLR2004  # as in "data.booking.time"
        return _grandchild(root, cast("str", steps[0]), cast("str", steps[1]))

    def walk(scope: Scope) -> JSON:
        value: JSON = scope.get(root)  # type: ignore[assignment]  # an object of JSON
        for step in steps:
            if isinstance(step, str):
                value = value.get(step) if isinstance(value, dict | Mapping) else None  # a dict is known at once
            elif isinstance(value, list) and -len(value) <= step < len(value):
                value = value[step]
            else:
                return None
        return value

    return walk


@lru_cache(
    maxsize=1024
)  # one function for all texts of a flow that name the same, so it stays in the processor's cache
def _member(root: str, name: str) -> Evaluate:
    """``data.name``, by far the most frequent path, without a loop."""

    def member(scope: Scope) -> JSON:
        try:
            return scope[root][name]  # type: ignore[index,call-overload]  # a wrong kind is caught below
        except (KeyError, TypeError):
            return None

    return member


@lru_cache(maxsize=1024)  # as above
def _grandchild(root: str, parent: str, name: str) -> Evaluate:
    """``data.booking.time``, the path into what a connector returned, in a third of the loop's time (measured)."""

    def grandchild(scope: Scope) -> JSON:
        try:
            return scope[root][parent][name]  # type: ignore[index,call-overload]  # a wrong kind is caught below
        except (KeyError, TypeError):
            return None

    return grandchild


def _sequence(items: tuple[Node, ...], locale: Locale) -> Evaluate:
    builders = tuple(build(item, locale) for item in items)
    return lambda scope: [builder(scope) for builder in builders]


def _binary(node: Binary, locale: Locale) -> Evaluate:
    left, right = build(node.left, locale), build(node.right, locale)
    if node.operator == "or":
        return lambda scope: left(scope) or right(scope)
    if node.operator == "and":
        return lambda scope: left(scope) and right(scope)
    operation = _OPERATIONS[node.operator]
    if isinstance(node.right, Constant):
        constant = node.right.value
        return lambda scope: operation(left(scope), constant)
    return lambda scope: operation(left(scope), right(scope))


def _call(node: Call, locale: Locale) -> Evaluate:
    function, root = FUNCTIONS[node.root, node.name], node.root
    argument = build(node.argument, locale)
    return lambda scope: function(cast(JSON, scope.get(root)), argument(scope), locale)


def _filtered(node: Filtered, locale: Locale) -> Evaluate:
    definition = FILTERS.get(node.name)
    if definition is None:
        close = get_close_matches(node.name, FILTERS, n=1)
        hint = f"Did you mean '{close[0]}'?" if close else f"Known are {', '.join(FILTERS)}."
        raise ExpressionError(f"Unknown filter '{node.name}'.", node.column, hint)
    _check_arguments(node)
    apply = definition.build(locale)
    inner = build(node.operand, locale)
    if not node.arguments:
        return lambda scope: apply(inner(scope), ())
    if all(isinstance(argument, Constant) for argument in node.arguments):
        constants = tuple(a.value for a in node.arguments if isinstance(a, Constant))
        return lambda scope: apply(inner(scope), constants)
    arguments = tuple(build(argument, locale) for argument in node.arguments)
    return lambda scope: apply(inner(scope), tuple([argument(scope) for argument in arguments]))


def _check_arguments(node: Filtered) -> None:
    definition = FILTERS[node.name]
    least, most = definition.required, len(definition.parameters)
    if not least <= len(node.arguments) <= most:
        wanted = str(most) if least == most else f"{least} to {most}"
        noun = "argument" if wanted == "1" else "arguments"
        message = f"The filter '{node.name}' takes {wanted} {noun}, not {len(node.arguments)}."
        raise ExpressionError(message, node.column, f"For example {definition.example}")
    first = node.arguments[0] if node.arguments else None
    if definition.styles and isinstance(first, Constant) and first.value not in definition.styles:
        known = ", ".join(f'"{style}"' for style in definition.styles)
        raise ExpressionError(
            f"The filter '{node.name}' does not know {first.value!r}.", node.column, f"Known are {known}."
        )

"""``compile_condition``: one expression that is true or false."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from flow_engine.errors import ExpressionError
from flow_engine.expressions.closures import Scope, build
from flow_engine.expressions.limits import MAX_SOURCE_CHARS
from flow_engine.expressions.locale import Locale, locale_for
from flow_engine.expressions.nodes import Node
from flow_engine.expressions.parser import parse_condition


@dataclass(frozen=True, slots=True)
class Condition:
    """A compiled condition. ``test`` never raises; null, false, 0 and anything empty count as false."""

    source: str
    test: Callable[[Scope], bool] = field(repr=False, compare=False)
    expression: Node = field(repr=False, compare=False)


def compile_condition(text: str, locale: Locale | None = None) -> Condition:
    """Compile ``text``, for example ``"data.party_size > 8 and not data.confirmed"``. Raises ExpressionError."""
    if len(text) > MAX_SOURCE_CHARS:
        raise ExpressionError(f"The condition is longer than {MAX_SOURCE_CHARS} characters.", 1)
    node = parse_condition(text)
    evaluate = build(node, locale or locale_for())
    return Condition(text, lambda scope: bool(evaluate(scope)), node)

"""``default``: something to say when there is nothing."""

from __future__ import annotations

from flow_engine.expressions.filters.filter import Filter
from flow_engine.vocabulary import JSON


def _default(value: JSON, arguments: tuple[JSON, ...]) -> JSON:
    """Null and the empty text give way; 0 and false are values and stay."""
    return arguments[0] if value is None or value == "" else value


DEFAULT = Filter(
    parameters=("instead",),
    required=1,
    build=lambda _locale: _default,
    example='{{ contact.name | default: "friend" }}',
)

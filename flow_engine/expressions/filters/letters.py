"""``upper``, ``lower``, ``capitalize``: the case of letters."""

from __future__ import annotations

from flow_engine.expressions.filters.filter import Filter
from flow_engine.expressions.limits import MAX_TEXT_CHARS
from flow_engine.expressions.text import to_text
from flow_engine.vocabulary import JSON


def _upper(value: JSON, _arguments: tuple[JSON, ...]) -> JSON:
    return to_text(value).upper()[:MAX_TEXT_CHARS]


def _lower(value: JSON, _arguments: tuple[JSON, ...]) -> JSON:
    return to_text(value).lower()[:MAX_TEXT_CHARS]


def _capitalize(value: JSON, _arguments: tuple[JSON, ...]) -> JSON:
    """The first letter large, the others as they are (names keep their own capitals)."""
    text = to_text(value)
    return (text[:1].upper() + text[1:])[:MAX_TEXT_CHARS]


UPPER = Filter((), 0, lambda _locale: _upper, "{{ data.code | upper }}")
LOWER = Filter((), 0, lambda _locale: _lower, "{{ data.title | lower }}")
CAPITALIZE = Filter((), 0, lambda _locale: _capitalize, '{{ data.day | date: "long" | capitalize }}')

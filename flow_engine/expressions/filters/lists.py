"""``length``, ``first``, ``last``, ``join``: looking at lists."""

from __future__ import annotations

from flow_engine.expressions.filters.filter import Filter
from flow_engine.expressions.text import join_texts, to_text
from flow_engine.vocabulary import JSON


def _length(value: JSON, _arguments: tuple[JSON, ...]) -> JSON:
    """Items of a list, characters of a text, entries of an object; 0 for anything else."""
    return len(value) if isinstance(value, list | str | dict) else 0


def _first(value: JSON, _arguments: tuple[JSON, ...]) -> JSON:
    return value[0] if isinstance(value, list | str) and value else None


def _last(value: JSON, _arguments: tuple[JSON, ...]) -> JSON:
    return value[-1] if isinstance(value, list | str) and value else None


def _join(value: JSON, arguments: tuple[JSON, ...]) -> JSON:
    separator = to_text(arguments[0]) if arguments else ", "
    return join_texts(value, separator) if isinstance(value, list) else to_text(value)


LENGTH = Filter((), 0, lambda _locale: _length, "{{ data.slots | length }}")
FIRST = Filter((), 0, lambda _locale: _first, "{{ data.slots | first }}")
LAST = Filter((), 0, lambda _locale: _last, "{{ data.slots | last }}")
JOIN = Filter(("separator",), 0, lambda _locale: _join, '{{ data.extras | join: " + " }}')

"""What is wrong with one value of a document, in words for the person who wrote it.

Pydantic's own messages speak of patterns, tags and models. A kind that is not listed here keeps them.
Source of the kinds: pydantic's list of validation errors.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

type _Context = Mapping[str, Any]

_MAPPING: Final = ("must be a mapping", "Write 'key: value' lines under it.")
_PLAIN: Final[Mapping[str, tuple[str, str]]] = {
    "bool_type": ("must be true or false", "Write true or false without quotes."),
    "dict_type": _MAPPING,
    "float_type": ("must be a number", "Write it without quotes."),
    "int_type": ("must be a whole number", "Write it without quotes."),
    "list_type": ("must be a list", "Begin each item with '- '."),
    "model_attributes_type": _MAPPING,
    "model_type": _MAPPING,
    "string_type": ("must be a text", "Put it in quotes."),
}


def _bound(value: float) -> str:
    """Without the ``.0`` that a whole bound of a fraction has."""
    return f"{value:.0f}" if float(value).is_integer() else str(value)


_WITH_CONTEXT: Final[Mapping[str, Callable[[_Context], str]]] = {
    "date_from_datetime_parsing": lambda _: "must be a date such as 2026-12-25",
    "date_parsing": lambda _: "must be a date such as 2026-12-25",
    "greater_than_equal": lambda context: f"must be {_bound(context['ge'])} or more",
    "less_than_equal": lambda context: f"must be {_bound(context['le'])} or less",
    "literal_error": lambda context: f"must be one of {context['expected'].replace(chr(39), '')}",
    "string_too_long": lambda context: f"may have {context['max_length']} characters",
    "string_too_short": lambda _: "must not be empty",
    "too_long": lambda context: f"may have {context['max_length']} entries",
    "union_tag_invalid": lambda context: (
        f"has an unknown type; known are {context['expected_tags'].replace(chr(39), '')}"
    ),
}


def in_words(kind: str, message: str, context: _Context, patterns: Mapping[str, str]) -> tuple[str, str]:
    """What is wrong, to be put behind the value's name, and a hint that may be empty.

    ``patterns`` says of a regular expression what a text must be.
    """
    if kind == "string_pattern_mismatch":
        return patterns.get(context["pattern"], "is not written as expected"), ""
    if kind in _PLAIN:
        return _PLAIN[kind]
    if kind in _WITH_CONTEXT:
        return _WITH_CONTEXT[kind](context), ""
    return f"is not accepted: {message}", ""

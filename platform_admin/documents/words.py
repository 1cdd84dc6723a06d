"""What is wrong with one value of a document, in words for the person who wrote it.

Pydantic's own messages speak of patterns, tags and models. A kind that is not listed here keeps them.
Source of the kinds: pydantic's list of validation errors.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

type _Context = Mapping[str, Any]

_MAPPING: Final = (_("must be a mapping"), _("Write 'key: value' lines under it."))
_PLAIN: Final[Mapping[str, tuple[Promise, Promise]]] = {
    "bool_type": (_("must be true or false"), _("Write true or false without quotes.")),
    "dict_type": _MAPPING,
    "float_type": (_("must be a number"), _("Write it without quotes.")),
    "int_type": (_("must be a whole number"), _("Write it without quotes.")),
    "list_type": (_("must be a list"), _("Begin each item with '- '.")),
    "model_attributes_type": _MAPPING,
    "model_type": _MAPPING,
    "string_type": (_("must be a text"), _("Put it in quotes.")),
}


def _bound(value: float) -> str:
    """Without the ``.0`` that a whole bound of a fraction has."""
    return f"{value:.0f}" if float(value).is_integer() else str(value)


_WITH_CONTEXT: Final[Mapping[str, Callable[[_Context], str]]] = {
    "date_from_datetime_parsing": lambda _context: gettext("must be a date such as 2026-12-25"),
    "date_parsing": lambda _context: gettext("must be a date such as 2026-12-25"),
    "greater_than_equal": lambda context: gettext("must be %(bound)s or more") % {"bound": _bound(context["ge"])},
    "less_than_equal": lambda context: gettext("must be %(bound)s or less") % {"bound": _bound(context["le"])},
    "literal_error": lambda context: (
        gettext("must be one of %(choices)s") % {"choices": context["expected"].replace(chr(39), "")}
    ),
    "string_too_long": lambda context: gettext("may have %(count)s characters") % {"count": context["max_length"]},
    "string_too_short": lambda _context: gettext("must not be empty"),
    "too_long": lambda context: gettext("may have %(count)s entries") % {"count": context["max_length"]},
    "union_tag_invalid": lambda context: (
        gettext("has an unknown type; known are %(types)s") % {"types": context["expected_tags"].replace(chr(39), "")}
    ),
}


def in_words(kind: str, message: str, context: _Context, patterns: Mapping[str, Promise]) -> tuple[str, str]:
    """What is wrong, to be put behind the value's name, and a hint that may be empty.

    ``patterns`` says of a regular expression what a text must be.
    """
    if kind == "string_pattern_mismatch":
        return str(patterns.get(context["pattern"], _("is not written as expected"))), ""
    if kind in _PLAIN:
        wrong, hint = _PLAIN[kind]
        return str(wrong), str(hint)
    if kind in _WITH_CONTEXT:
        return _WITH_CONTEXT[kind](context), ""
    return gettext("is not accepted: %(reason)s") % {"reason": message}, ""

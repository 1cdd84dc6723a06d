"""One difference: a sentence with its blanks, so that it can be said in any language, and both sides of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext

from flow_engine.vocabulary import JSON, JSONObject

LONGEST_QUOTE: Final = 160
"""Characters of a text that a sentence quotes; both sides are there whole beside it."""


class Area(StrEnum):
    CONVERSATION = "conversation"
    FAQ = "faq"
    BUSINESS = "business"
    SETTINGS = "settings"


@dataclass(frozen=True, slots=True)
class Change:
    """``sentence`` is the English text with ``{blanks}``, marked for translation where it is written.

    ``subject`` is what it is about (a step, a service, a heading); ``old`` and ``new`` are whole, ``None`` for nothing.
    ``within`` names the conversation, where it is not the one that everybody means.
    """

    area: Area
    sentence: str
    subject: str = ""
    old: str | None = None
    new: str | None = None
    more: str = ""
    within: str = ""

    def in_words(self) -> str:
        """In the active language."""
        words = gettext(self.sentence).format(
            subject=_translated(self.subject),
            old=shortened(self.old),
            new=shortened(self.new),
            more=_translated(self.more),
        )
        return f"{self.within}: {words}" if self.within else words

    def to_json(self) -> JSONObject:
        return {
            "area": str(self.area),
            **({"within": self.within} if self.within else {}),
            "subject": self.subject,
            "sentence": self.in_words(),
            "old": self.old,
            "new": self.new,
        }


def _translated(text: str) -> str:
    """Our own words (Monday, closed) in the active language; other people's texts are not in the catalogue."""
    return gettext(text) if text else ""


def shortened(text: str | None) -> str:
    if text is None:
        return "–"
    line = " ".join(_translated(text).split())
    return line if len(line) <= LONGEST_QUOTE else f"{line[: LONGEST_QUOTE - 1]}…"


def shown(value: JSON) -> str | None:
    """A value as a person reads it: texts as they are, nothing as ``None``, the rest in short."""
    match value:
        case None:
            return None
        case bool():
            return "yes" if value else "no"
        case str():
            return value
        case list():
            return ", ".join(shown(item) or "–" for item in value) or "–"
        case dict():
            return "; ".join(f"{key}: {shown(item) or '–'}" for key, item in value.items()) or "–"
        case _:
            return str(value)


def mapping(value: JSON) -> Mapping[str, JSON]:
    return value if isinstance(value, dict) else {}


def by_id(value: JSON, key: str = "id") -> dict[str, JSONObject]:
    """The mappings of a list by their id, in order; what has none is left out."""
    items = value if isinstance(value, list) else []
    return {str(item[key]): item for item in items if isinstance(item, dict) and key in item}

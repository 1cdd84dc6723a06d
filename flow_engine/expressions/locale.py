"""How one tenant writes days and months: language data plus time zone, loaded once at compile time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, tzinfo
from functools import cache
from importlib.resources import files
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

FALLBACK_LANGUAGE: Final = "en"
LANGUAGES: Final = ("en", "es")
"""Languages with a data file ``locales/<language>.json``."""


@dataclass(frozen=True, slots=True)
class Locale:
    """Everything the filters need to know of language and place.

    ``months`` start in January, ``weekdays`` on Monday. ``date_styles`` maps the argument of the
    filter ``date`` to a pattern over ``{weekday} {weekday_short} {day} {month} {month_short}
    {month_number} {year}``.
    """

    language: str
    months: tuple[str, ...]
    months_short: tuple[str, ...]
    weekdays: tuple[str, ...]
    weekdays_short: tuple[str, ...]
    date_styles: Mapping[str, str]
    zone: tzinfo = field(default=UTC)


def locale_for(language: str = FALLBACK_LANGUAGE, timezone: str = "UTC") -> Locale:
    """The locale of a BCP 47 tag and an IANA zone.

    A regional tag falls back to its language, an unknown language to English. An unknown zone
    raises ValueError; configuration is checked before it comes here.
    """
    base = language.lower().partition("-")[0]
    words = _words(base if base in LANGUAGES else FALLBACK_LANGUAGE)
    if timezone == "UTC":
        return words
    try:
        return replace(words, zone=ZoneInfo(timezone))
    except (ZoneInfoNotFoundError, OSError) as error:
        raise ValueError(f"unknown time zone {timezone!r}") from error


@cache
def _words(language: str) -> Locale:
    source = files("flow_engine.expressions").joinpath("locales", f"{language}.json")
    raw = json.loads(source.read_text(encoding="utf-8"))
    return Locale(
        language=language,
        months=tuple(raw["months"]),
        months_short=tuple(raw["months_short"]),
        weekdays=tuple(raw["weekdays"]),
        weekdays_short=tuple(raw["weekdays_short"]),
        date_styles=raw["date_styles"],
    )

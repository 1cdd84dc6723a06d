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


@dataclass(frozen=True, slots=True)
class PluralCondition:
    """Whether a whole number, or what is left of it after ``modulo``, lies from ``least`` to ``most``, or outside."""

    least: int
    most: int
    modulo: int | None = None
    outside: bool = False

    def holds(self, number: int) -> bool:
        rest = number if self.modulo is None else number % self.modulo
        return (self.least <= rest <= self.most) is not self.outside


@dataclass(frozen=True, slots=True)
class Currency:
    """How amounts of a currency are written."""

    sign: str
    decimals: int


@dataclass(frozen=True, slots=True)
class Locale:
    """Everything the filters need to know of language and place.

    ``months`` start in January, ``weekdays`` on Monday. ``date_styles`` maps the argument of the
    filter ``date`` to a pattern over ``{weekday} {weekday_short} {day} {month} {month_short}
    {month_number} {year} {hour} {minute}``. ``group_from`` counts the digits from which on a number is grouped;
    ``plurals`` has the conditions of every form but the last. ``locales/README.md`` tells each in full.
    """

    language: str
    months: tuple[str, ...]
    months_short: tuple[str, ...]
    weekdays: tuple[str, ...]
    weekdays_short: tuple[str, ...]
    date_styles: Mapping[str, str]
    decimal_mark: str
    group_mark: str
    group_from: int
    money: str
    plurals: tuple[tuple[PluralCondition, ...], ...]
    currencies: Mapping[str, Currency]
    zone: tzinfo = field(default=UTC)

    def speaking(self, language: str) -> Locale:
        """The same place in another language (a BCP 47 tag); itself where that has no words."""
        base = _base(language)
        return replace(_words(base), zone=self.zone) if base != self.language and base in languages() else self


def locale_for(language: str = FALLBACK_LANGUAGE, timezone: str = "UTC") -> Locale:
    """The locale of a BCP 47 tag and an IANA zone.

    A regional tag falls back to its language, an unknown language to English. An unknown zone
    raises ValueError; configuration is checked before it comes here.
    """
    base = _base(language)
    words = _words(base if base in languages() else FALLBACK_LANGUAGE)
    if timezone == "UTC":
        return words
    try:
        return replace(words, zone=ZoneInfo(timezone))
    except (ZoneInfoNotFoundError, OSError) as error:
        raise ValueError(f"unknown time zone {timezone!r}") from error


@cache
def languages() -> frozenset[str]:
    """Languages with a data file ``locales/<language>.json``."""
    names = (file.name for file in files("flow_engine.expressions").joinpath("locales").iterdir())
    return frozenset(name.removesuffix(".json") for name in names if name.endswith(".json"))


def _base(language: str) -> str:
    return language.replace("_", "-").partition("-")[0].lower()


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
        decimal_mark=raw["decimal_mark"],
        group_mark=raw["group_mark"],
        group_from=raw["group_from"],
        money=raw["money"],
        plurals=tuple(tuple(_condition(item) for item in form) for form in raw["plurals"]),
        currencies=_currencies(),
    )


def _condition(raw: Mapping[str, int]) -> PluralCondition:
    return PluralCondition(raw["from"], raw["to"], raw.get("modulo"), bool(raw.get("outside")))


@cache
def _currencies() -> Mapping[str, Currency]:
    raw = json.loads(files("flow_engine.expressions").joinpath("currencies.json").read_text(encoding="utf-8"))
    return {code: Currency(item["sign"], item["decimals"]) for code, item in raw.items()}

"""The words of natural answers, one JSON file per language. A new language adds a file and no code.

``fillers``     dropped wherever they stand
``denials``     an answer with one of these is not taken apart: "not on friday", "how much is one?"
``or``          parts alternatives: "monday or tuesday"
``yes``, ``no`` whole answers
``numbers``, ``ordinals`` words for numbers; ``scales`` those that multiply; ``join`` what may stand between the parts
                of a number, from ``join_from`` on ("treinta y cinco", never "cinco y veinte"); ``articles`` those
                that mean nothing beside another number ("una mesa para 4"); ``day_articles`` those that make a day
                of the number behind them ("el 2"), where it could be so many of something ("2 peluqueras")
``decimal``     the decimal sign by region, ``""`` for any other
``date_order``  ``dmy`` or ``mdy`` by region; ``null`` asks back
``next_weekday`` ``coming`` or ``ask``: whether "next friday" is always the coming one
``dayparts``    hours from and to, for "five in the afternoon"; hours after midnight count on from 24
``signs``       phrases as codes that the grammars of dates and times are written in (``signs.py``)

Names of months and weekdays come from the locales of ``flow_engine.expressions``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flow_engine.answers.folding import fold
from flow_engine.expressions import Locale, locale_for

DEFAULT_LANGUAGE = "en"

_FOLDER = Path(__file__).parent
UNCLEAR = "?"
"""The code of an abbreviation that a month and a weekday share, as "mar" in Spanish. No grammar takes it."""

_MIN_ABBREVIATION = 3
"""Letters of the shortest abbreviation of a month or weekday."""

type Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """One language. Every text is folded; ``signs`` maps the words of a phrase to its codes."""

    language: str
    locale: Locale
    fillers: frozenset[str]
    denials: frozenset[str]
    alternatives: frozenset[str]
    yes: frozenset[str]
    no: frozenset[str]
    numbers: Mapping[str, int]
    ordinals: Mapping[str, int]
    scales: Mapping[str, int]
    join: frozenset[str]
    join_from: int
    halves: frozenset[str]
    articles: frozenset[str]
    day_articles: frozenset[str]
    minus: frozenset[str]
    collectives: Mapping[str, int]
    decimal: Mapping[str, str]
    date_order: Mapping[str, str | None]
    next_weekday: str
    dayparts: Mapping[str, tuple[int, int]]
    signs: Mapping[Phrase, Phrase]
    longest_phrase: int


def read_all_words() -> Mapping[str, Words]:
    """Every language by its base tag. Reads files, so it belongs to loading and never to a turn."""
    return {file.stem: _read(file.stem) for file in sorted(_FOLDER.glob("*.json"))}


@cache
def _read(language: str) -> Words:
    raw: dict[str, Any] = json.loads((_FOLDER / f"{language}.json").read_text(encoding="utf-8"))
    locale = locale_for(language)
    signs = {tuple(fold(phrase).split()): tuple(codes.split()) for phrase, codes in raw["signs"].items()}
    months, weekdays = _names("M", locale.months, 1), _names("W", locale.weekdays, 0)
    unclear = dict.fromkeys(months.keys() & weekdays.keys(), (UNCLEAR,))
    signs = months | weekdays | unclear | signs
    return Words(
        language=language,
        locale=locale,
        fillers=_folded(raw["fillers"]),
        denials=_folded(raw["denials"]),
        alternatives=_folded(raw["or"]),
        yes=_folded(raw["yes"]),
        no=_folded(raw["no"]),
        numbers=_numbers(raw["numbers"]),
        ordinals=_numbers(raw["ordinals"]),
        scales=_numbers(raw["scales"]),
        join=_folded(raw["join"]),
        join_from=raw["join_from"],
        halves=_folded(raw["halves"]),
        articles=_folded(raw["articles"]),
        day_articles=_folded(raw["day_articles"]),
        minus=_folded(raw["minus"]),
        collectives=_numbers(raw["collectives"]),
        decimal=raw["decimal"],
        date_order=raw["date_order"],
        next_weekday=raw["next_weekday"],
        dayparts={name: (first, last) for name, (first, last) in raw["dayparts"].items()},
        signs=signs,
        longest_phrase=max(map(len, signs)),
    )


def _folded(texts: list[str]) -> frozenset[str]:
    return frozenset(fold(text) for text in texts)


def _numbers(raw: dict[str, int]) -> dict[str, int]:
    return {fold(word): number for word, number in raw.items()}


def _names(code: str, names: tuple[str, ...], first: int) -> dict[Phrase, Phrase]:
    """Months and weekdays with their abbreviations: the first three letters and more."""
    signs: dict[Phrase, Phrase] = {}
    for number, name in enumerate(names, start=first):
        word = fold(name)
        for length in range(_MIN_ABBREVIATION, len(word) + 1):
            signs.setdefault((word[:length],), (f"{code}{number}",))
    return signs

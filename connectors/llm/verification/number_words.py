"""Numbers and times written as words, turned into digits before anything else is read."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping

_UNITS = {
    "es": "cero - dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis diecisiete"
    " dieciocho diecinueve veinte veintiuno veintidos veintitres veinticuatro veinticinco veintiseis veintisiete"
    " veintiocho veintinueve",
    "en": "zero - two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"
    " seventeen eighteen nineteen",
}
"""By position. "One" is left out: it is an article more often than a number."""

_TENS = {
    "es": "- - - treinta cuarenta cincuenta sesenta setenta ochenta noventa",
    "en": "- - twenty thirty forty fifty sixty seventy eighty ninety",
}

_HUNDREDS = {"es": {"cien": 100, "ciento": 100, "doscientos": 200, "quinientos": 500}, "en": {"hundred": 100}}

type _Rule = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]


@functools.cache
def _numbers(language: str) -> Mapping[str, int]:
    found = {word: number for number, word in enumerate(_UNITS[language].split()) if word != "-"}
    joint = " y " if language == "es" else "-"
    for ten, word in enumerate(_TENS[language].split()):
        if word == "-":
            continue
        found[word] = ten * 10
        units = _UNITS[language].split()[:10]
        ones = {"es": "uno", "en": "one"}[language]
        for unit in range(1, 10):
            name = ones if unit == 1 else units[unit]
            found[f"{word}{joint}{name}"] = ten * 10 + unit
            found[f"{word} {name}"] = ten * 10 + unit
    return found | _HUNDREDS[language]


@functools.cache
def _rules(language: str) -> tuple[_Rule, ...]:
    numbers = _numbers(language)
    alternatives = "|".join(sorted((re.escape(word) for word in numbers), key=len, reverse=True))
    digits: _Rule = (re.compile(rf"\b(?:{alternatives})\b"), lambda word: str(numbers[word[0]]))
    if language == "es":
        return (
            (re.compile(r"\b(?:una )?hora y media\b"), "90 minutos"),
            (re.compile(r"\bmedia hora\b"), "30 minutos"),
            (re.compile(r"\b(?:un )?cuarto de hora\b"), "15 minutos"),
            (re.compile(r"\b(?:el |al )?mediodia\b"), "12:00"),
            digits,
            (re.compile(r"\b(\d{1,2}) y media\b"), r"\1:30"),
            (re.compile(r"\b(\d{1,2}) y cuarto\b"), r"\1:15"),
            (re.compile(r"\b(\d{1,2}) menos cuarto\b"), _quarter_to),
            (re.compile(r"\bla una\b(?= (?:y|a|de la|en punto)|[.,;]|$)"), "la 1"),
            (re.compile(r"\b(?:un|una) (?=(?:hora|minuto|dia|semana|mes|ano)\b)"), "1 "),
        )
    return (
        (re.compile(r"\b(?:an |one )hour and a half\b"), "90 minutes"),
        (re.compile(r"\bhalf an hour\b|\bhalf-hour\b"), "30 minutes"),
        (re.compile(r"\b(?:a )?quarter of an hour\b"), "15 minutes"),
        (re.compile(r"\bnoon\b"), "12:00"),
        digits,
        (re.compile(r"\bhalf past (\d{1,2})\b"), r"\1:30"),
        (re.compile(r"\bquarter past (\d{1,2})\b"), r"\1:15"),
        (re.compile(r"\bquarter to (\d{1,2})\b"), _quarter_to),
        (re.compile(r"\b(?:an|a|one) (?=(?:hour|minute|day|week|month|year)\b)"), "1 "),
    )


def _quarter_to(time: re.Match[str]) -> str:
    return f"{(int(time[1]) - 1) or 12}:45"


def with_digits(text: str, language: str) -> str:
    """``text`` (folded) with its number words as digits: "diez minutos" → "10 minutos"."""
    for pattern, replacement in _rules(language):
        text = pattern.sub(replacement, text)
    return text

"""How figures are written in Spanish and English. Works on folded text with numbers as digits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from connectors.llm.verification.figures import Atom, Kind

_MONTHS = (
    "enero|january|jan febrero|february|feb marzo|march|mar abril|april|apr mayo|may junio|june|jun julio|july|jul"
    " agosto|august|aug septiembre|setiembre|september|sept octubre|october|oct noviembre|november|nov"
    " diciembre|december|dec"
)
MONTHS: Mapping[str, int] = {
    name: number for number, names in enumerate(_MONTHS.split(), 1) for name in names.split("|")
}
_DAYS = (
    "lunes|monday|mondays|mon martes|tuesday|tuesdays|tue|tues miercoles|wednesday|wednesdays|wed"
    " jueves|thursday|thursdays|thu|thurs viernes|friday|fridays|fri sabado|sabados|saturday|saturdays|sat"
    " domingo|domingos|sunday|sundays|sun"
)
DAYS: Mapping[str, int] = {name: number for number, names in enumerate(_DAYS.split()) for name in names.split("|")}
_DAY_SETS: Mapping[str, frozenset[int]] = {
    **dict.fromkeys(("fin de semana", "fines de semana", "finde", "weekend", "weekends"), frozenset({5, 6})),
    **dict.fromkeys(("entre semana", "dias laborables", "weekdays", "weekday", "on weekdays"), frozenset(range(5))),
    **dict.fromkeys(
        ("todos los dias", "cada dia", "a diario", "toda la semana", "every day", "daily", "all week", "7 days a week"),
        frozenset(range(7)),
    ),
}
_CURRENCIES: Mapping[str, str] = {
    **dict.fromkeys(("€", "euro", "euros", "eur"), "EUR"),
    **dict.fromkeys(("$", "dolar", "dolares", "dollar", "dollars", "usd"), "USD"),
    **dict.fromkeys(("£", "libra", "libras", "pound", "pounds", "gbp"), "GBP"),
}
_MEASURES: Mapping[str, tuple[str, int]] = {
    **dict.fromkeys(("minuto", "minutos", "min", "minute", "minutes", "mins"), ("minutes", 1)),
    **dict.fromkeys(("hora", "horas", "hour", "hours", "hrs", "h"), ("minutes", 60)),
    **dict.fromkeys(("dia", "dias", "day", "days"), ("days", 1)),
    **dict.fromkeys(("semana", "semanas", "week", "weeks"), ("days", 7)),
    **dict.fromkeys(("mes", "meses", "month", "months"), ("months", 1)),
    **dict.fromkeys(("centimetro", "centimetros", "cm", "centimetre", "centimetres", "centimeters"), ("cm", 1)),
    **dict.fromkeys(("metros", "m", "metres", "meters"), ("cm", 100)),
    **dict.fromkeys(("kilometro", "kilometros", "km", "kilometre", "kilometres", "kilometers"), ("km", 1)),
    **dict.fromkeys(("kilo", "kilos", "kg", "kilogramos", "kilograms"), ("kg", 1)),
}


def _any(words: Mapping[str, object]) -> str:
    return "|".join(sorted((re.escape(word) for word in words), key=len, reverse=True))


_N = r"\d{1,3}(?:[.,]\d{3})+(?:[.,]\d{1,2})?(?!\d)|\d+(?:[.,]\d{1,2})?(?!\d)"
_CURRENCY, _MONTH, _DAY, _MEASURE = _any(_CURRENCIES), _any(MONTHS), _any(DAYS), _any(_MEASURES)
_TO = r"\s*(?:-|\ba\b|\bal\b|\bhasta\b|\bto\b|\buntil\b|\btill\b|\bthrough\b)\s*"

LINK = re.compile(
    r"(?:https?://|www\.)\S+|[^\s@,;:]+@\S+|(?:javascript|data|tel|mailto):\S+|[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}(?:/\S*)?"
)
PHONE = re.compile(r"\+?\d(?:[ .-]?\d){6,}(?![.,]?\d)")
TWO_DATES = re.compile(rf"(\d{{1,2}}) (?:y|and|&) (?:el )?(\d{{1,2}}) (?:de |of )?({_MONTH})\b")
DATE = re.compile(
    rf"(?P<y>\d{{4}})-(?P<m>\d{{2}})-(?P<d>\d{{2}})\b|(?P<d2>\d{{1,2}})/(?P<m2>\d{{1,2}})(?:/(?P<y2>\d{{4}}))?\b"
    rf"|(?P<d3>\d{{1,2}})(?:st|nd|rd|th)? (?:de |of )?(?P<m3>{_MONTH})\b(?:,? (?:de |del )?(?P<y3>\d{{4}}))?"
    rf"|(?P<m4>{_MONTH}) (?P<d4>\d{{1,2}})(?:st|nd|rd|th)?\b(?!:)(?:,? (?P<y4>\d{{4}}))?"
)
MONTH_SPAN = re.compile(rf"(?:de |from |desde )?({_MONTH}){_TO}({_MONTH})\b")
MONTH = re.compile(rf"({_MONTH})\b")
DAY_SPAN = re.compile(rf"(?:de |from |desde )?(?:el )?({_DAY}){_TO}(?:el )?({_DAY})\b")
DAY_SET = re.compile(rf"(?:los |el |on |at )?({_any(_DAY_SETS)})\b")
DAY = re.compile(rf"({_DAY})\b")
MONEY = re.compile(rf"(?P<n>{_N})\s?(?P<c>{_CURRENCY})(?![a-z])|(?P<c2>€|\$|£|eur |usd |gbp )\s?(?P<n2>{_N})")
PERCENT = re.compile(rf"({_N})\s?(?:%|por ciento\b|percent\b|per cent\b)")
MEASURE = re.compile(rf"({_N})\s?({_MEASURE})(?![a-z])")
NUMBER = re.compile(rf"({_N})")


def number(text: str) -> Decimal:
    """The value: 1.800 and 1,800 are thousands; 1,80 and 1.80 are not."""
    thousands = re.sub(r"[.,](?=\d{3}(?:\D|$))", "", text)
    return Decimal(thousands.replace(",", ".")).normalize()


def link(found: re.Match[str]) -> list[Atom]:
    return [Atom(Kind.LINK, found[0].rstrip(".,;:!?)»”\"'"))]


def phone(found: re.Match[str]) -> list[Atom]:
    return [Atom(Kind.PHONE, re.sub(r"[ .-]", "", found[0]))]


def two_dates(found: re.Match[str]) -> list[Atom]:
    month = MONTHS[found[3]]
    return [Atom(Kind.DATE, (None, month, int(found[1]))), Atom(Kind.DATE, (None, month, int(found[2])))]


def one_date(found: re.Match[str]) -> list[Atom]:
    parts = {name[0]: text for name, text in found.groupdict().items() if text is not None}
    month = MONTHS.get(parts["m"]) or int(parts["m"])
    year, day = int(parts["y"]) if "y" in parts else None, int(parts["d"])
    try:
        date(year or 2024, month, day)  # a leap year
    except ValueError:
        return [Atom(Kind.NUMBER, (found[0], frozenset()))]
    return [Atom(Kind.DATE, (year, month, day))]


def month_span(found: re.Match[str]) -> list[Atom]:
    return [Atom(Kind.MONTHS, (MONTHS[found[1]], MONTHS[found[2]]))]


def month(found: re.Match[str]) -> list[Atom]:
    return [Atom(Kind.MONTH, MONTHS[found[1]])]


def day_span(found: re.Match[str]) -> list[Atom]:
    first, last = DAYS[found[1]], DAYS[found[2]]
    length = (last - first) % 7
    return [Atom(Kind.DAY, frozenset((first + step) % 7 for step in range(length + 1)))]


def day_set(found: re.Match[str]) -> list[Atom]:
    return [Atom(Kind.DAY, _DAY_SETS[found[1]])]


def day(found: re.Match[str]) -> list[Atom]:
    return [Atom(Kind.DAY, frozenset({DAYS[found[1]]}))]


def money(found: re.Match[str]) -> list[Atom]:
    amount, currency = found["n"] or found["n2"], (found["c"] or found["c2"]).strip()
    return [Atom(Kind.MONEY, (number(amount), _CURRENCIES[currency]))]


def percent(found: re.Match[str]) -> list[Atom]:
    return [Atom(Kind.PERCENT, number(found[1]))]


def measure(found: re.Match[str]) -> list[Atom]:
    unit, factor = _MEASURES[found[2]]
    return [Atom(Kind.MEASURE, (number(found[1]) * factor, unit))]

"""Dates: "mañana", "next friday", "24/12", "24 de diciembre", "in two weeks". The value is ``YYYY-MM-DD``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Final

from flow_engine.answers.calendar_steps import add_months, day_of_month, month_day, year_of
from flow_engine.answers.context import AnswerContext
from flow_engine.answers.numeric_date import read_numeric
from flow_engine.answers.result import NotUnderstood, Parsed, Reason, Result, one_of
from flow_engine.answers.signs import alternatives, kinds, read_signs

type Codes = tuple[str, ...]
type Dates = list[date]

_WEEK = 7
_TIME = "NCdZPfqptymU"
"""The codes that a time is made of."""

_UNIT_DAYS: Final = {"day": 1, "week": _WEEK}
_UNIT_MONTHS: Final = {"month": 1, "year": 12}
MAX_STEPS = 5000
"""Days, weeks, months or years counted from today; further away nobody books anything."""


def parse_date(text: str, context: AnswerContext) -> Result:
    try:
        return Parsed(date.fromisoformat(text.strip()).isoformat())
    except ValueError:
        codes = read_signs(text, context.words, counts=False)
    if codes is None:
        return NotUnderstood(Reason.UNKNOWN)
    found: Dates = []
    for part in alternatives(_without_time(codes)):
        dates = read_dates(part, context)
        if dates is None:
            return NotUnderstood(Reason.UNKNOWN)
        found += dates
    return one_of([day.isoformat() for day in found]) if codes else NotUnderstood(Reason.UNKNOWN)


def _without_time(codes: Codes) -> Codes:
    """A day is all that was asked for: "friday at 5pm" is friday."""
    if "@" in codes:
        start = codes.index("@")
        end = next((index for index in range(start + 1, len(codes)) if codes[index][0] not in _TIME), len(codes))
        codes = codes[:start] + codes[end:]
    kept = (
        code
        for code, after in zip(codes, [*codes[1:], " "], strict=False)
        if code[0] not in "CZ" and not (code[0] == "N" and after[0] == "P")
    )
    return tuple(kept)


def read_dates(codes: Codes, context: AnswerContext) -> Dates | None:
    """Every day that the codes may mean; none for a day that does not exist, ``None`` for no day at all."""
    rest = tuple(code for code in codes if code[0] not in "@P")
    if rest[:1] == ("t",):
        rest = rest[1:]
    if "UN" in kinds(rest):  # "día 5"
        rest = tuple(code for code in rest if code != "Uday")
    grammar = _GRAMMAR.get(kinds(rest))
    if grammar is None:
        return None
    try:
        return grammar(rest, context)
    except (ValueError, OverflowError):
        return []


def _number(codes: Codes, kind: str, nth: int = 0) -> int:
    return int([code for code in codes if code[0] == kind][nth][1:])


def _offset(codes: Codes, context: AnswerContext) -> Dates:
    day = context.now.date() + timedelta(days=_number(codes, "O"))
    return [day] if "W" not in kinds(codes) or day.weekday() == _number(codes, "W") else []


def _weekday(codes: Codes, context: AnswerContext) -> Dates:
    """The next such day; said on the very day it may be today or in a week."""
    today = context.now.date()
    if today.weekday() == _number(codes, "W"):
        week = timedelta(days=-_WEEK if context.past else _WEEK)
        return [today, today + week]
    return [_coming(codes, today) - timedelta(days=_WEEK if context.past else 0)]


def _coming(codes: Codes, today: date) -> date:
    return today + timedelta(days=(_number(codes, "W") - today.weekday() - 1) % _WEEK + 1)


def _coming_weekday(codes: Codes, context: AnswerContext) -> Dates:
    return [_coming(codes, context.now.date())]


def _this_weekday(codes: Codes, context: AnswerContext) -> Dates:
    today = context.now.date()
    return [today + timedelta(days=(_number(codes, "W") - today.weekday()) % _WEEK)]


def _next_weekday(codes: Codes, context: AnswerContext) -> Dates:
    """In a language where it may be this week's or next week's, both are offered."""
    today = context.now.date()
    coming = _coming(codes, today)
    same_week = coming.isocalendar()[:2] == today.isocalendar()[:2]
    if context.words.next_weekday == "ask" and same_week:
        return [coming, coming + timedelta(days=_WEEK)]
    return [coming]


def _weekday_in_week(codes: Codes, context: AnswerContext) -> Dates | None:
    if "Uweek" not in codes:
        return None
    weeks = 1 if "X" in codes else 0
    monday = context.now.date() - timedelta(days=context.now.weekday())
    return [monday + timedelta(days=weeks * _WEEK + _number(codes, "W"))]


def _week_on(codes: Codes, context: AnswerContext) -> Dates:
    return [_coming(codes, context.now.date()) + timedelta(days=_WEEK)]


def _day_and_month(codes: Codes, context: AnswerContext) -> Dates:
    found = [month_day(context.now.date(), _number(codes, "M"), _number(codes, "N"), past=context.past)]
    return _on_weekday(codes, found)


def _with_year(codes: Codes, context: AnswerContext) -> Dates:
    year = year_of(_number(codes, "N", 1), context.now.date())
    return _on_weekday(codes, [date(year, _number(codes, "M"), _number(codes, "N"))])


def _on_weekday(codes: Codes, days: Dates) -> Dates:
    """Only those that are the weekday that was named as well."""
    return [day for day in days if "W" not in kinds(codes) or day.weekday() == _number(codes, "W")]


def _day_alone(codes: Codes, context: AnswerContext) -> Dates:
    day = day_of_month(context.now.date(), _number(codes, "N"), past=context.past)
    return _on_weekday(codes, [day])


def _day_in_month(codes: Codes, context: AnswerContext) -> Dates | None:
    if "Umonth" not in codes:
        return None
    first = add_months(context.now.date().replace(day=1), 1 if "X" in codes else 0)
    return [first.replace(day=_number(codes, "N"))]


def _from_today(codes: Codes, context: AnswerContext) -> Dates | None:
    count = _number(codes, "N")
    unit = next(code[1:] for code in codes if code[0] == "U")
    if count > MAX_STEPS:
        return None
    if "A" in codes:
        count = -count
    if unit in _UNIT_DAYS:
        return [context.now.date() + timedelta(days=count * _UNIT_DAYS[unit])]
    if unit in _UNIT_MONTHS:
        return [add_months(context.now.date(), count * _UNIT_MONTHS[unit])]
    return None


def _numeric(codes: Codes, context: AnswerContext) -> Dates:
    written = next(code[1:] for code in codes if code[0] in "Dd")
    return _on_weekday(codes, read_numeric(written, context))


_GRAMMAR: Final[Mapping[str, Callable[[Codes, AnswerContext], Dates | None]]] = {
    **dict.fromkeys(("O", "OW", "WO"), _offset),
    "W": _weekday,
    **dict.fromkeys(("TW", "WT"), _this_weekday),
    "FW": _coming_weekday,
    **dict.fromkeys(("XW", "WX"), _next_weekday),
    **dict.fromkeys(("WXU", "XUW", "WUX", "UXW", "WTU", "TUW"), _weekday_in_week),
    "YW": _week_on,
    **dict.fromkeys(("NM", "MN", "WNM", "WMN", "NMW", "MNW"), _day_and_month),
    **dict.fromkeys(("NMN", "MNN", "WNMN", "WMNN"), _with_year),
    **dict.fromkeys(("N", "WN", "NW"), _day_alone),
    **dict.fromkeys(("NXU", "NUX", "NTU", "NUT"), _day_in_month),
    **dict.fromkeys(("INU", "NUE", "NUA", "ANU"), _from_today),
    **dict.fromkeys(("D", "d", "WD", "DW", "Wd"), _numeric),
}

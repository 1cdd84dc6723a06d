"""Dates in digits. Whether the day or the month comes first is the region's habit; where there is none, both count."""

from __future__ import annotations

import re
from datetime import date

from flow_engine.answers.calendar_steps import month_day, year_of
from flow_engine.answers.context import AnswerContext

_YEAR_DIGITS = 4
_DAY_AND_MONTH = 2


def read_numeric(written: str, context: AnswerContext) -> list[date]:
    """Every day that ``24/12``, ``24-12-2026`` or ``2026-12-24`` may stand for."""
    parts = re.split(r"\D", written)
    today = context.now.date()
    if len(parts[0]) == _YEAR_DIGITS:
        return [date(int(parts[0]), int(parts[1]), int(parts[2]))] if len(parts) > _DAY_AND_MONTH else []
    first, second = int(parts[0]), int(parts[1])
    found = []
    for day, month in _orders(first, second, context):
        try:
            if len(parts) > _DAY_AND_MONTH:
                found.append(date(year_of(int(parts[2]), today), month, day))
            else:
                found.append(month_day(today, month, day, past=context.past))
        except ValueError:
            continue
    return found


def _orders(first: int, second: int, context: AnswerContext) -> list[tuple[int, int]]:
    """``(day, month)`` as the region writes them; the other way round only where that makes no date."""
    order = context.words.date_order.get(context.region, context.words.date_order[""])
    day_first, month_first = (first, second), (second, first)
    if order is None:
        return [day_first, month_first]
    usual, other = (day_first, month_first) if order == "dmy" else (month_first, day_first)
    return [usual] if _is_month(usual[1]) else [other]


def _is_month(number: int) -> bool:
    return 1 <= number <= 12  # noqa: PLR2004  # months of a year

"""Steps on the calendar that the standard library leaves to its users. All raise ValueError for no such day."""

from __future__ import annotations

from datetime import date

_MONTHS = 12
_CENTURY = 100
_YEARS_AHEAD = 20
"""A year in two digits lies at most so far ahead, and else behind: "26" is 2026, "85" 1985."""

_LEAP_CYCLE = 8
"""Years after which 29 February has surely come round again."""


def add_months(day: date, months: int) -> date:
    """The same day so many months on; the last of the month where that has no such day."""
    index = day.year * _MONTHS + day.month - 1 + months
    year, month = divmod(index, _MONTHS)
    for last in range(day.day, 0, -1):
        if _exists(year, month + 1, last):
            return date(year, month + 1, last)
    raise ValueError("beyond the calendar")


def month_day(today: date, month: int, day: int, *, past: bool) -> date:
    """The next such day from today on; the last one up to today when it is about the past."""
    step = -1 if past else 1
    for years in range(_LEAP_CYCLE + 1):
        year = today.year + step * years
        if _exists(year, month, day):
            found = date(year, month, day)
            if found <= today if past else found >= today:
                return found
    raise ValueError("no such day")


def day_of_month(today: date, day: int, *, past: bool) -> date:
    """The next day of that number from today on; the last one up to today when it is about the past."""
    for months in range(_MONTHS):
        first = add_months(today.replace(day=1), -months if past else months)
        if _exists(first.year, first.month, day):
            found = first.replace(day=day)
            if found <= today if past else found >= today:
                return found
    raise ValueError("no such day")


def year_of(written: int, today: date) -> int:
    """A year of two digits in the century that makes sense."""
    if written >= _CENTURY:
        return written
    year = today.year - today.year % _CENTURY + written
    if year > today.year + _YEARS_AHEAD:
        return year - _CENTURY
    return year if year > today.year + _YEARS_AHEAD - _CENTURY else year + _CENTURY


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True

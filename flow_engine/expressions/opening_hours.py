"""``business.open_at(time)``: whether the business is open, by the hours in its settings.

``business.hours`` has the hours of each weekday, ``{"mon": ["10:00-14:00", "16:00-20:00"], …}``; ``holidays``, days on
which it is closed (``2026-12-25``, or ``12-25`` for every year); and ``special_days``, days with hours of their own
(``{"2026-12-24": ["10:00-13:00"]}``). The last two may also stand beside ``hours``, as the business settings write them
(``special_days: [{date, hours}]``). Hours that end before they begin last into the next morning. All are times on the
wall: a clock that is put forward or back changes nothing about them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Final

from flow_engine.expressions.limits import MAX_ITEMS
from flow_engine.vocabulary import JSON

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_HOURS: Final = re.compile(r"([01]?[0-9]|2[0-4]):([0-5][0-9]) ?[-–] ?([01]?[0-9]|2[0-4]):([0-5][0-9])", re.ASCII)
_DAY_MINUTES: Final = 24 * 60
_MAX_SPANS: Final = 24
"""Spans of one day that are looked at; a business has two or three."""


def hours_of(business: Mapping[str, JSON]) -> JSON:
    """The week, with the days apart and the holidays that stand beside it."""
    hours = business.get("hours")
    special, holidays = business.get("special_days"), business.get("holidays")
    if not isinstance(hours, dict) or not (isinstance(special, list) or isinstance(holidays, list)):
        return hours
    own_special, own_holidays = hours.get("special_days"), hours.get("holidays")
    apart = dict(_days_apart(special)) if isinstance(special, list) else {}
    return {
        **hours,
        "special_days": {**(own_special if isinstance(own_special, dict) else {}), **apart},
        "holidays": [
            *(own_holidays if isinstance(own_holidays, list) else []),
            *(holidays if isinstance(holidays, list) else []),
        ],
    }


def _days_apart(days: list[JSON]) -> Iterator[tuple[str, JSON]]:
    for item in days[:MAX_ITEMS]:
        if isinstance(item, dict) and isinstance(item.get("date"), str):
            yield str(item["date"]), item.get("hours") or []


def is_open(hours: JSON, day: date, minute: int | None) -> bool | None:
    """Whether the business is open at ``minute`` of ``day``, or, with ``None``, at any time of it.

    ``None`` where it has told no hours.
    """
    if not isinstance(hours, dict):
        return None
    if minute is None:
        return any(True for _ in _spans(hours, day))
    if any(begin <= minute < end for begin, end in _spans(hours, day)):
        return True
    late = minute + _DAY_MINUTES
    return day > date.min and any(begin <= late < end for begin, end in _spans(hours, day - timedelta(days=1)))


def _spans(hours: dict[str, JSON], day: date) -> Iterator[tuple[int, int]]:
    """The hours of ``day`` in minutes from its midnight; what cannot be read is left out."""
    name = day.isoformat()
    special, holidays = hours.get("special_days"), hours.get("holidays")
    if isinstance(special, dict) and name in special:
        told = special[name]
    elif isinstance(holidays, list) and any(item in (name, name[5:]) for item in holidays[:MAX_ITEMS]):
        return
    else:
        told = hours.get(WEEKDAYS[day.weekday()])
    for span in told[:_MAX_SPANS] if isinstance(told, list) else [told]:
        match = _HOURS.fullmatch(span.strip()) if isinstance(span, str) else None
        if match is not None:
            begin, end = int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])
            yield begin, end if end > begin else end + _DAY_MINUTES

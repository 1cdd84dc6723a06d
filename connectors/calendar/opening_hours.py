"""Weekly opening hours: ``{"mon": ["10:00-14:00", "17:00-21:00"], …}`` read into minutes of the day."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from connectors.plain_json import JSON

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)\s*-\s*(?:([01]\d|2[0-3]):([0-5]\d)|(24):(00))")


@dataclass(frozen=True, slots=True, order=True)
class OpenSpan:
    """From ``opens`` to ``closes``, in minutes after local midnight (1440: the end of the day)."""

    opens: int
    closes: int


@dataclass(frozen=True, slots=True)
class WeeklyHours:
    """Seven tuples of spans, Monday first; an empty one is a day off."""

    days: tuple[tuple[OpenSpan, ...], ...]

    def on(self, day: date) -> tuple[OpenSpan, ...]:
        return self.days[day.weekday()]


def parse_weekly_hours(value: JSON) -> WeeklyHours:
    """Read the ``schedule`` of a configuration. A weekday that is absent is closed.

    Raises ``ValueError`` naming the weekday and the span that is wrong.
    """
    if not isinstance(value, dict):
        raise ValueError("must be a mapping of weekdays (mon … sun) to lists of 'HH:MM-HH:MM'")  # noqa: TRY004 - a fault of the document
    unknown = [key for key in value if key not in WEEKDAYS]
    if unknown:
        raise ValueError(f"unknown weekday '{unknown[0]}'; one of {', '.join(WEEKDAYS)}")
    return WeeklyHours(tuple(_parse_day(weekday, value) for weekday in WEEKDAYS))


def _parse_day(weekday: str, schedule: Mapping[str, JSON]) -> tuple[OpenSpan, ...]:
    spans = schedule.get(weekday, [])
    if not isinstance(spans, list):
        raise ValueError(f"{weekday} must be a list of 'HH:MM-HH:MM'")  # noqa: TRY004 - a fault of the document
    parsed = sorted(_parse_span(weekday, span) for span in spans)
    for earlier, later in pairwise(parsed):
        if later.opens < earlier.closes:
            raise ValueError(f"{weekday} has opening hours that overlap")
    return tuple(parsed)


def _parse_span(weekday: str, value: JSON) -> OpenSpan:
    match = _SPAN.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f"{weekday} has a span that is not 'HH:MM-HH:MM'")
    opens = int(match[1]) * 60 + int(match[2])
    closes = int(match[3] or match[5]) * 60 + int(match[4] or match[6])
    if closes <= opens:
        raise ValueError(f"{weekday} closes before it opens; split hours past midnight over two days")
    return OpenSpan(opens, closes)

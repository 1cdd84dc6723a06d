"""Opening hours: ``{"mon": ["10:00-14:00", "17:00-21:00"], …}`` as minutes of the day, and days apart from the week."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
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


@dataclass(frozen=True, slots=True)
class OpeningHours:
    """The week, and the days that are otherwise.

    ``special`` gives a day hours of its own, ``holidays`` close a day, ``yearly`` ones (month, day) every year. A
    special day is stronger than a holiday. ``within`` are hours that these never leave: a person's, the business's.
    """

    weekly: WeeklyHours
    special: Mapping[date, tuple[OpenSpan, ...]] = field(default_factory=dict)
    holidays: frozenset[date] = frozenset()
    yearly: frozenset[tuple[int, int]] = frozenset()
    within: OpeningHours | None = None

    def on(self, day: date) -> tuple[OpenSpan, ...]:
        """The spans of ``day`` in order; none when it is closed."""
        special = self.special.get(day)
        if special is None and (day in self.holidays or (day.month, day.day) in self.yearly):
            return ()
        spans = self.weekly.on(day) if special is None else special
        return spans if self.within is None else _common(spans, self.within.on(day))


def _common(ours: tuple[OpenSpan, ...], theirs: tuple[OpenSpan, ...]) -> tuple[OpenSpan, ...]:
    """What lies in both."""
    pairs = [(max(one.opens, two.opens), min(one.closes, two.closes)) for one in ours for two in theirs]
    return tuple(sorted(OpenSpan(opens, closes) for opens, closes in pairs if opens < closes))


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
    return parse_spans(weekday, schedule.get(weekday, []))


def parse_spans(name: str, value: JSON) -> tuple[OpenSpan, ...]:
    """The hours of one day, in order. Raises ``ValueError`` naming the day and what is wrong."""
    if not isinstance(value, list):
        raise ValueError(f"{name} must be a list of 'HH:MM-HH:MM'")  # noqa: TRY004 - a fault of the document
    parsed = sorted(_parse_span(name, span) for span in value)
    for earlier, later in pairwise(parsed):
        if later.opens < earlier.closes:
            raise ValueError(f"{name} has opening hours that overlap")
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

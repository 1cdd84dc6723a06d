"""A day with a time: "mañana a las 5". The value is ISO 8601 with the offset of the tenant's zone on that day.

A time that the clocks skip does not exist; one that they show twice is asked back.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, tzinfo

from flow_engine.answers.context import AnswerContext
from flow_engine.answers.date import read_dates
from flow_engine.answers.result import NotUnderstood, Parsed, Reason, Result, one_of
from flow_engine.answers.signs import alternatives, kinds, read_signs
from flow_engine.answers.time import HOUR, read_moment, read_times

type Codes = tuple[str, ...]

_PLAIN_FORM_CHARS = 16  # 2026-03-04T17:00


def parse_date_time(text: str, context: AnswerContext) -> Result:
    plain = _read_plain(text.strip(), context)
    if plain is not None:
        return plain
    codes = read_signs(text, context.words)
    if not codes:
        return NotUnderstood(Reason.UNKNOWN)
    found: list[datetime] = []
    parts = alternatives(codes)
    for part in parts:
        moments = _read_part(part, context)
        if moments is None and part is not parts[-1] and "@" in parts[-1]:  # "tomorrow or friday at five"
            moments = _read_part(part + parts[-1][parts[-1].index("@") :], context)
        if moments is None:
            return NotUnderstood(_what_is_missing(part, context))
        found += moments
    return one_of([moment.isoformat(timespec="seconds") for moment in found])


def _read_plain(text: str, context: AnswerContext) -> Result | None:
    """ISO 8601 with a time, as the engine itself writes it."""
    if len(text) < _PLAIN_FORM_CHARS or text[10] not in "T ":
        return None
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is not None:
            return Parsed(moment.astimezone(context.now.tzinfo).isoformat(timespec="seconds"))
    except (ValueError, OverflowError):
        return None
    return one_of([item.isoformat(timespec="seconds") for item in _instants(moment, context.now.tzinfo or UTC)])


def _read_part(codes: Codes, context: AnswerContext) -> list[datetime] | None:
    moment = read_moment(codes, context)
    if moment is not None:
        return [moment.replace(second=0, microsecond=0)]
    for day_codes, time_codes in _splits(codes):
        days = read_dates(day_codes, context)
        times = read_times(time_codes, context) if days is not None else None
        if days is not None and times is not None:
            zone = context.now.tzinfo or UTC
            return [moment for day in days for minutes in times for moment in _instants(_at(day, minutes), zone)]
    return None


def _at(day: date, minutes: int) -> datetime:
    return datetime.combine(day, time(minutes // HOUR, minutes % HOUR))


def _splits(codes: Codes) -> Iterator[tuple[Codes, Codes]]:
    """Every way to part the codes into a day and a time, the likeliest first. A part of the day goes with the time."""
    parts = tuple(code for code in codes if code[0] == "P")
    for start, code in enumerate(codes):
        if code == "@":
            for end in range(len(codes), start + 1, -1):
                inside = codes[start:end]
                yield codes[:start] + codes[end:], inside + parts
    for length in range(1, len(codes)):
        for start in range(len(codes) - length + 1):
            inside = codes[start : start + length]
            # A bare number is rather a day: "friday 5".
            if kinds(inside) != "N" and _takes_its_part_of_day(codes, start, length):
                yield codes[:start] + codes[start + length :], inside + parts


def _takes_its_part_of_day(codes: Codes, start: int, length: int) -> bool:
    """In "march 3 5pm" the 5 is the hour: a number beside a part of the day is not left to the date."""
    rest = (*codes[:start], "", *codes[start + length :])
    return not any(code[0:1] == "N" and after[0:1] == "P" for code, after in itertools.pairwise(rest))


def _instants(local: datetime, zone: tzinfo) -> list[datetime]:
    """The moments at which a clock in ``zone`` shows ``local``: none in a gap, two in a fold."""
    try:
        first, second = local.replace(tzinfo=zone), local.replace(tzinfo=zone, fold=1)
        if first.utcoffset() == second.utcoffset():
            return [first]
        shown = first.astimezone(UTC).astimezone(zone).replace(tzinfo=None)
        return [first, second] if shown == local else []
    except OverflowError:
        return []


def _what_is_missing(codes: Codes, context: AnswerContext) -> Reason:
    has_part = read_dates(codes, context) is not None or read_times(codes, context) is not None
    return Reason.INCOMPLETE if has_part else Reason.UNKNOWN

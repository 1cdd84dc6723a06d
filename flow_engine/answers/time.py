"""Times of day: "a las 5", "half past ten", "las cinco y media", "17h", "5pm", "12:30". The value is ``HH:MM``.

An hour from 1 to 12 is on both halves of the day unless the day's part is named or it is written with two digits and
minutes, as on a 24-hour clock ("05:30", "12:30").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from flow_engine.answers.context import AnswerContext
from flow_engine.answers.result import NotUnderstood, Reason, Result, one_of
from flow_engine.answers.signs import alternatives, kinds, read_signs

type Codes = tuple[str, ...]

HOUR = 60
DAY = 24 * HOUR
_HALF_DAY = 12 * HOUR
_WRITTEN_TOGETHER = 100
"""From here on a number is hour and minutes in one: 930, 1730."""

_QUARTER_MINUTES: Final = {"q": 15, "f": 30}
_UNIT_MINUTES: Final = {"hour": HOUR, "minute": 1}
MAX_STEPS = 100_000
"""Hours or minutes counted from now; days are counted as days."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Minutes since midnight. ``exact`` when the half of the day is certain."""

    minutes: int
    exact: bool


def parse_time(text: str, context: AnswerContext) -> Result:
    codes = read_signs(text, context.words)
    if not codes:
        return NotUnderstood(Reason.UNKNOWN)
    found: list[int] = []
    for part in alternatives(tuple(code for code in codes if code != "O0")):
        times = read_times(part, context)
        if times is None:
            moment = read_moment(part, context)
            if moment is None:
                return NotUnderstood(Reason.INCOMPLETE if set(kinds(part)) <= set("P@") else Reason.UNKNOWN)
            times = [moment.hour * HOUR + moment.minute]
        found += times
    return one_of([f"{minutes // HOUR:02}:{minutes % HOUR:02}" for minutes in found])


def read_moment(codes: Codes, context: AnswerContext) -> datetime | None:
    """What is counted from now: "in two hours". ``None`` if nothing is."""
    shape = kinds(codes)
    if shape == "R":
        return context.now
    if shape not in ("INU", "NUE"):
        return None
    unit = next(code[1:] for code in codes if code[0] == "U")
    count = int(next(code[1:] for code in codes if code[0] == "N"))
    if unit not in _UNIT_MINUTES or count > MAX_STEPS:
        return None
    try:
        passed = context.now.astimezone(UTC) + timedelta(minutes=count * _UNIT_MINUTES[unit])
        return passed.astimezone(context.now.tzinfo)
    except OverflowError:
        return None


def read_times(codes: Codes, context: AnswerContext) -> list[int] | None:
    """Every time the codes may mean, in minutes since midnight; ``None`` if they mean none at all."""
    rest = tuple(code for code in codes if code[0] not in "@P")
    while rest[:1] in (("t",), ("y",)):
        rest = rest[1:]
    grammar = _GRAMMAR.get(kinds(rest))
    reading = grammar(rest) if grammar is not None else None
    if reading is None:
        return None
    if not 0 <= reading.minutes < DAY:
        return []
    parts = [context.words.dayparts[code[1:]] for code in codes if code[0] == "P"]
    other = (reading.minutes + _HALF_DAY) % DAY
    both = not reading.exact or (parts and reading.minutes < _HALF_DAY)
    candidates = [reading.minutes, other] if both else [reading.minutes]
    return sorted(minutes for minutes in candidates if all(_is_within(minutes, part) for part in parts))


def _is_within(minutes: int, part: tuple[int, int]) -> bool:
    first, last = part[0] * HOUR, part[1] * HOUR
    return first <= minutes < last or first <= minutes + DAY < last


def _numbers(codes: Codes) -> list[int]:
    return [int(code[1:]) for code in codes if code[0] == "N"]


def _at(hour: int, minutes: int = 0) -> Reading | None:
    """Minutes may be below zero: "menos cuarto"."""
    if not (0 <= hour < 24 and -HOUR < minutes < HOUR):  # noqa: PLR2004  # hours of a day
        return Reading(-1, exact=True)
    total = (hour * HOUR + minutes) % DAY
    if 1 <= hour <= 12:  # noqa: PLR2004  # hours of a clock face
        return Reading(total % _HALF_DAY, exact=False)
    return Reading(total, exact=True)


def _clock(codes: Codes) -> Reading | None:
    written = next(code[1:] for code in codes if code[0] in "Cd")
    parts = re.split(r"\D", written)
    hour, minutes = int(parts[0]), int(parts[1])
    if len(parts[1]) < 2 or minutes >= HOUR or hour >= 24 or (codes[0][0] == "d" and len(parts) > 2):  # noqa: PLR2004
        return Reading(-1, exact=True)
    if len(parts[0]) > 1:
        return Reading(hour * HOUR + minutes, exact=True)
    return _at(hour, minutes)


def _named(codes: Codes) -> Reading | None:
    hour, minutes = codes[0][1:].split(":")
    return Reading(int(hour) * HOUR + int(minutes), exact=True)


def _hour(codes: Codes) -> Reading | None:
    number = _numbers(codes)[0]
    if "U" in kinds(codes) and "Uhour" not in codes:
        return None
    if number >= _WRITTEN_TOGETHER:
        return _at(*divmod(number, _WRITTEN_TOGETHER))
    return _at(number)


def _hour_and_minutes(codes: Codes) -> Reading | None:
    numbers = _numbers(codes)
    if len(numbers) > 2 and numbers[1] != 0:  # noqa: PLR2004  # "ten oh five"
        return None
    return _at(numbers[0], numbers[-1])


def _hour_first(codes: Codes) -> Reading | None:
    """As in "las cinco y media", "las cinco menos diez"."""
    minutes = _amount(codes, after_hour=True)
    return _at(_numbers(codes)[0], -minutes if "m" in codes else minutes)


def _minutes_first(codes: Codes) -> Reading | None:
    """As in "half past ten", "ten to five", "cuarto para las cinco"."""
    minutes = _amount(codes, after_hour=False)
    return _at(_numbers(codes)[-1], -minutes if "t" in codes else minutes)


def _amount(codes: Codes, *, after_hour: bool) -> int:
    for code in codes:
        if code in _QUARTER_MINUTES:
            return _QUARTER_MINUTES[code]
    numbers = _numbers(codes)
    return numbers[1] if after_hour else numbers[0]


_GRAMMAR: Final[Mapping[str, Callable[[Codes], Reading | None]]] = {
    **dict.fromkeys(("C", "d", "CU", "dU"), _clock),
    "Z": _named,
    **dict.fromkeys(("N", "NU"), _hour),
    **dict.fromkeys(("NN", "NNN", "NUN", "NNU"), _hour_and_minutes),
    **dict.fromkeys(("NyN", "NyNU", "Nyq", "Nyf", "NUyN", "NUyf", "NUyq", "Nf", "Nq"), _hour_first),
    **dict.fromkeys(("NmN", "NmNU", "Nmq"), _hour_first),
    **dict.fromkeys(("fpN", "qpN", "NpN", "NUpN", "qtN", "NtN", "NUtN", "fN"), _minutes_first),
}

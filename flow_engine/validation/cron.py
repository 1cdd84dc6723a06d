"""The five fields of a cron expression, checked without a library: minute hour day month weekday."""

from __future__ import annotations

import re
from typing import Final

_FIELDS: Final = (
    ("minute", 0, 59, ()),
    ("hour", 0, 23, ()),
    ("day", 1, 31, ()),
    ("month", 1, 12, ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")),
    ("weekday", 0, 7, ("mon", "tue", "wed", "thu", "fri", "sat", "sun")),
)
_ITEM: Final = re.compile(r"(\*|(?P<first>\w+)(?:-(?P<last>\w+))?)(?:/(?P<step>[0-9]{1,2}))?\Z", re.ASCII)
_MAX_CHARS: Final = 200


def explain_cron(text: str) -> str:
    """What is wrong with ``text``, or nothing."""
    fields = text.split() if len(text) <= _MAX_CHARS else []
    if len(fields) != len(_FIELDS):
        return "A cron expression has five fields: minute, hour, day, month, weekday."
    for written, (name, lowest, highest, names) in zip(fields, _FIELDS, strict=True):
        if not all(_is_item(item, lowest, highest, names) for item in written.split(",")):
            return f"The {name} '{written}' is not valid; it runs from {lowest} to {highest}."
    return ""


def _is_item(item: str, lowest: int, highest: int, names: tuple[str, ...]) -> bool:
    match = _ITEM.match(item)
    if match is None or match["step"] in ("0", "00"):
        return False
    ends = [end for end in (match["first"], match["last"]) if end is not None]
    numbers = [_number(end, lowest, names) for end in ends]
    if not all(number is not None and lowest <= number <= highest for number in numbers):
        return False
    return not all(end.isdigit() for end in ends) or numbers == sorted(map(int, ends))


def _number(end: str, lowest: int, names: tuple[str, ...]) -> int | None:
    if end.isdigit():
        return int(end)
    return lowest + names.index(end.lower()) if end.lower() in names else None

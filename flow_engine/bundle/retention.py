"""How long a runtime keeps what it holds of customers, by class of data."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

from flow_engine.bundle.errors import MalformedError
from flow_engine.vocabulary import JSON

LONGEST_DAYS: Final = 3_650
"""Ten years: longer than any limitation period a small business meets."""

SHORTEST_INBOX_DAYS: Final = 10
"""Meta delivers again for up to seven days; an id that is forgotten sooner lets a message be answered twice."""

SHORTEST_COPIES_DAYS: Final = 3
"""Over a weekend nobody may look; what went wrong on Friday is put back on Monday."""

LONGEST_COPIES_DAYS: Final = 30
"""A copy holds whoever was erased after it: a month, the time in which an erasure is to be done with
(https://eur-lex.europa.eu/eli/reg/2016/679/oj, article 12(3))."""


@dataclass(frozen=True, slots=True)
class Retention:
    """Days, each counted from the last change of a row.

    ``messages_days``: what was said, both ways, and conversations at rest. ``media_days``: files. ``turns_days``:
    traces of turns. ``inbox_days``: ids against repeated delivery and bodies nobody could read; never under ten.
    ``dead_letters_days``: what was given up; the id of a message among it stays as long as ``inbox_days``.
    ``copies_days``: copies of the state, counted from when they were made, the newest too.
    """

    messages_days: int = 365
    media_days: int = 30
    turns_days: int = 30
    inbox_days: int = 14
    dead_letters_days: int = 90
    copies_days: int = LONGEST_COPIES_DAYS


def read_retention(value: JSON) -> Retention:
    """The block ``retention``; what it leaves out keeps its default."""
    if value is None:
        return Retention()
    if not isinstance(value, dict):
        raise MalformedError("retention must be an object.")
    days: dict[str, int] = {}
    for field in fields(Retention):
        given = value.get(field.name)
        if given is None:
            continue
        if isinstance(given, bool) or not isinstance(given, int) or not 1 <= given <= LONGEST_DAYS:
            raise MalformedError(f"retention.{field.name} must be a whole number of days from 1 to {LONGEST_DAYS}.")
        days[field.name] = given
    if days.get("inbox_days", SHORTEST_INBOX_DAYS) < SHORTEST_INBOX_DAYS:
        raise MalformedError(f"retention.inbox_days must be at least {SHORTEST_INBOX_DAYS}.")
    if not SHORTEST_COPIES_DAYS <= days.get("copies_days", SHORTEST_COPIES_DAYS) <= LONGEST_COPIES_DAYS:
        raise MalformedError(f"retention.copies_days must be from {SHORTEST_COPIES_DAYS} to {LONGEST_COPIES_DAYS}.")
    return Retention(**days)

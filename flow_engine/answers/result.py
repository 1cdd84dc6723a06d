"""What became of a natural answer: a closed union."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from flow_engine.vocabulary import JSON


class Reason(StrEnum):
    """Why an answer could not be used."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    UNKNOWN = "unknown"
    INCOMPLETE = "incomplete"
    """Part of it is there: a day without a time."""
    IMPOSSIBLE = "impossible"
    """It names something that does not exist: 31 February, an hour that the clocks skip."""
    WRONG_KIND = "wrong_kind"
    """A picture where a number was asked for."""
    OUT_OF_RANGE = "out_of_range"
    """Beyond ``min`` or ``max``, or refused by ``validate``."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """The one thing that the answer means, as plain JSON."""

    value: JSON


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """The answer has several meanings, in the order in which to offer them. Never fewer than two."""

    candidates: tuple[JSON, ...]


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    reason: Reason


type Result = Parsed | Ambiguous | NotUnderstood


def one_of(values: list[JSON]) -> Result:
    """Parsed for one distinct value, Ambiguous for several, and nothing possible for none."""
    distinct = [value for index, value in enumerate(values) if value not in values[:index]]
    if not distinct:
        return NotUnderstood(Reason.IMPOSSIBLE)
    return Parsed(distinct[0]) if len(distinct) == 1 else Ambiguous(tuple(distinct[:MAX_CANDIDATES]))


MAX_CANDIDATES = 10
"""Meanings offered back; one WhatsApp list. No phrase of the tables has more than four."""

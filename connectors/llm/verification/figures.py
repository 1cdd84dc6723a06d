"""Figures: everything in a text that has a value and can therefore be wrong by one.

Two figures are the same when their values are equal, however they are written: ``18 €`` and
``18 euros``, ``5 pm`` and ``17:00``, ``media hora`` and ``30 minutes``.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What sort of thing an atom is. Only atoms of one kind are compared."""

    WORD = "word"
    DAY = "day"
    MONTH = "month"
    MONTHS = "months"
    DATE = "date"
    OPEN_SPAN = "open_span"
    FROM_TIME = "from_time"
    UNTIL_TIME = "until_time"
    AT_TIME = "at_time"
    MONEY = "money"
    PERCENT = "percent"
    MEASURE = "measure"
    NUMBER = "number"
    PHONE = "phone"
    LINK = "link"


TIMES = frozenset({Kind.OPEN_SPAN, Kind.FROM_TIME, Kind.UNTIL_TIME, Kind.AT_TIME})
TOPICS = frozenset({Kind.WORD, Kind.DAY, Kind.MONTH, Kind.MONTHS, Kind.DATE})
"""The kinds that say what a statement is about; the others say how much of it."""


@dataclass(frozen=True, slots=True)
class Atom:
    """One comparable piece of a text.

    ``value`` by kind: a set of keys (word), of weekdays 0-6 (day), of minutes since midnight (times; two
    when the half of the day is not said), a pair of those (open_span), numbers and units otherwise.
    ``negative`` is set by "sin" and "without". ``beside`` are the atoms that a word like "only" or "more
    than" is about.
    """

    kind: Kind
    value: Hashable
    negative: bool = False
    beside: tuple[Atom, ...] | None = None

    def supports(self, claim: Atom) -> bool:
        """Whether this atom of the document carries that atom of an answer; signs are compared elsewhere."""
        if self.kind is not claim.kind:
            return self._ends_at(claim)
        mine, theirs = self.value, claim.value
        if not _beside_the_same(self.beside, claim.beside):
            return False
        match self.kind:
            case Kind.WORD | Kind.AT_TIME | Kind.FROM_TIME | Kind.UNTIL_TIME:
                return _meet(mine, theirs)
            case Kind.DAY:
                return isinstance(mine, frozenset) and isinstance(theirs, frozenset) and theirs <= mine
            case Kind.OPEN_SPAN:
                return _spans_agree(mine, theirs)
            case Kind.DATE:
                return _dates_agree(mine, theirs)
            case Kind.NUMBER:
                return _numbers_agree(mine, theirs)
            case _:
                return mine == theirs

    def _ends_at(self, claim: Atom) -> bool:
        """A span "10:00 to 14:00" also carries "from 10:00" and "until 14:00"."""
        if self.kind is not Kind.OPEN_SPAN or not isinstance(self.value, tuple):
            return False
        if claim.kind is Kind.FROM_TIME:
            return _meet(self.value[0], claim.value)
        return claim.kind is Kind.UNTIL_TIME and _meet(self.value[1], claim.value)


def _beside_the_same(mine: tuple[Atom, ...] | None, theirs: tuple[Atom, ...] | None) -> bool:
    if mine is None or theirs is None or mine == theirs:
        return True
    return any(one.supports(other) for one in mine for other in theirs)


def _meet(mine: Hashable, theirs: Hashable) -> bool:
    return isinstance(mine, frozenset) and isinstance(theirs, frozenset) and bool(mine & theirs)


def _spans_agree(mine: Hashable, theirs: Hashable) -> bool:
    if not isinstance(mine, tuple) or not isinstance(theirs, tuple):
        return False
    return _meet(mine[0], theirs[0]) and _meet(mine[1], theirs[1])


def _dates_agree(mine: Hashable, theirs: Hashable) -> bool:
    """Year, month, day; a year that the answer leaves out is not denied by it."""
    if not isinstance(mine, tuple) or not isinstance(theirs, tuple):
        return False
    return mine[1:] == theirs[1:] and theirs[0] in (None, mine[0])


def _numbers_agree(mine: Hashable, theirs: Hashable) -> bool:
    """Number and what is counted; "8 tables of 3" is not "3 tables of 8"."""
    if not isinstance(mine, tuple) or not isinstance(theirs, tuple) or mine[0] != theirs[0]:
        return False
    return not mine[1] or not theirs[1] or bool(mine[1] & theirs[1])

"""``Finding``: one thing to look at, where it stands, in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from connectors.words import Words


class Code(StrEnum):
    """What kind of thing. The codes are stable: whoever shows findings may leave some out."""

    PRICE_CONTRADICTION = "K101"
    HOURS_CONTRADICTION = "K102"
    PRICE_AGAINST_SETTINGS = "K103"
    HOURS_AGAINST_SETTINGS = "K104"
    DUPLICATE = "K105"
    EXPIRED = "K106"
    UNREADABLE_DATE = "K107"
    EMPTY_SECTION = "K108"
    TOO_LONG = "K109"
    MISSING_LANGUAGE = "K110"
    NOTHING = "K111"


@dataclass(frozen=True, slots=True)
class Finding:
    """``line`` counts from 1; ``other_line`` is where the second of two things stands, 0 when there is none."""

    code: Code
    line: int
    message: Words
    hint: Words
    other_line: int = 0

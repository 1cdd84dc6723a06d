"""What a check of ``doctor`` found, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    GOOD = "good"
    LOOK = "look"
    BAD = "bad"
    NOT_AVAILABLE = "not_available"
    """It could not be looked at; that is not the same as good."""


@dataclass(frozen=True, slots=True)
class Finding:
    """``remedy`` says how to mend it; empty where there is nothing to do."""

    verdict: Verdict
    says: str
    remedy: str = ""


def good(says: str) -> Finding:
    return Finding(Verdict.GOOD, says)


def look(says: str, remedy: str) -> Finding:
    return Finding(Verdict.LOOK, says, remedy)


def bad(says: str, remedy: str) -> Finding:
    return Finding(Verdict.BAD, says, remedy)

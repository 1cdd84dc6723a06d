"""The question "Did you mean …?": the one place where near misses are guessed."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from itertools import islice

from flow_engine.validation.limits import MAX_GUESSED_NAMES

_MAX_LISTED = 8  # A longer list of names helps nobody on one line.
_MAX_COMPARED_CHARS = 100  # Matching costs the product of both lengths.


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known word that ``word`` was most likely meant to be; letter case does not count."""
    names = tuple(islice(known, MAX_GUESSED_NAMES + 1))
    if len(names) > MAX_GUESSED_NAMES:
        return None
    by_folded = {name.casefold(): name for name in names}
    matches = get_close_matches(word[:_MAX_COMPARED_CHARS].casefold(), by_folded, n=1)
    return by_folded[matches[0]] if matches else None


def suggest(word: str, known: Iterable[str]) -> str:
    """A hint: the closest known word, or the known words when they are few, or nothing."""
    names = list(known)
    match = closest(word, names)
    if match is not None:
        return f"Did you mean '{match}'?"
    return f"Known are {', '.join(names)}." if 0 < len(names) <= _MAX_LISTED else ""

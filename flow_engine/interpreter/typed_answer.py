"""Understands a typed text as one of the options on offer: id, title, number, synonym, or the beginning of one title.

Case, accents, punctuation and emoji do not matter. What fits two options is ambiguous and not guessed between; what
nearly fits is for ``near_misses``, to be offered back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from flow_engine.answers import fold
from flow_engine.expressions import Scope
from flow_engine.outputs.output import Option
from flow_engine.outputs.stamp import split_stamp
from flow_engine.program.synonyms import Synonyms
from flow_engine.program.transition import fold_typed
from flow_engine.trace import OptionRecognised, RecognisedBy

MAX_ANSWER_CHARS = 200
"""A longer text is no answer to a choice: WhatsApp's longest title is 24 characters, its longest id 256."""

MAX_NUMBER_DIGITS = 3
"""Digits of an option's number; there are at most ``MAX_DYNAMIC_OPTIONS`` options."""

MIN_PREFIX_CHARS = 2
"""Letters from which on the beginning of a title stands for it."""

MAX_NEAR_CHARS = 60
"""A longer text is no slip of the finger."""

_ONE_SLIP_CHARS, _TWO_SLIPS_CHARS = 4, 8
"""Letters from which on one and two slips are forgiven; shorter words are too close to each other."""

_TITLES_REMEMBERED = 1024
"""Folded titles kept in memory: the titles of a few flows, some hundred kilobytes."""


@dataclass  # neither frozen nor slotted, for it lives within one step: made in a third of the time (measured)
class Typed:
    """What was typed: ``typed`` as payloads are compared, ``words`` as titles are."""

    typed: str
    words: str
    language: str


def recognise(
    said: Typed, options: Sequence[Option], synonyms: tuple[Synonyms, ...], scope: Scope
) -> OptionRecognised | None:
    """The option that ``said`` stands for, if it stands for exactly one."""
    typed, words = said.typed, said.words
    if len(typed) > MAX_ANSWER_CHARS:
        return None
    for option in options:
        if fold_typed(bare(option)) == typed:
            return OptionRecognised(bare(option), RecognisedBy.ID)
    titled = [option for option in options if fold_typed(option.title) == typed] or [
        option for option in options if words and fold_title(option.title) == words
    ]
    if titled:
        return OptionRecognised(bare(titled[0]), RecognisedBy.TITLE) if len(titled) == 1 else None
    if words.isdecimal() and len(words) <= MAX_NUMBER_DIGITS and 1 <= int(words) <= len(options):
        return OptionRecognised(bare(options[int(words) - 1]), RecognisedBy.NUMBER)
    return _by_synonym(said, options, synonyms, scope) if synonyms and words else None


def _by_synonym(
    said: Typed, options: Sequence[Option], synonyms: tuple[Synonyms, ...], scope: Scope
) -> OptionRecognised | None:
    meant = {item.id.render_text(scope).strip() for item in synonyms if item.words.has(said.words, said.language)}
    found = [bare(option) for option in options if bare(option) in meant]
    return OptionRecognised(found[0], RecognisedBy.SYNONYM) if len(found) == 1 else None


def begun(said: Typed, options: Sequence[Option]) -> list[Option]:
    """The options whose titles begin with what was typed."""
    words = said.words
    if len(words) < MIN_PREFIX_CHARS or len(words) > MAX_NEAR_CHARS:
        return []
    return [option for option in options if fold_title(option.title).startswith(words)]


def near_misses(said: Typed, options: Sequence[Option], synonyms: tuple[Synonyms, ...], scope: Scope) -> list[Option]:
    """The options that were perhaps meant: begun alike, a slip away, or named by some of their words."""
    words = said.words
    if not MIN_PREFIX_CHARS <= len(words) <= MAX_NEAR_CHARS:
        return []
    others: dict[str, frozenset[str]] = {item.id.render_text(scope).strip(): item.words.every() for item in synonyms}
    return begun(said, options) or [
        option
        for option in options
        if is_near(words, (fold_title(option.title), *others.get(bare(option), ()))) or _names(words, option)
    ]


def is_near(words: str, others: Iterable[str]) -> bool:
    """Whether ``words`` is a slip or two away from one of ``others``: a letter more, less, other or swapped."""
    allowed = 0 if len(words) < _ONE_SLIP_CHARS else 1 if len(words) < _TWO_SLIPS_CHARS else 2
    return allowed > 0 and any(_distance_within(words, other, allowed) for other in others)


def _names(words: str, option: Option) -> bool:
    """Every word that was typed is one of the title's: "pelo" for "Corte de pelo"."""
    title = fold_title(option.title).split()
    return all(word in title for word in words.split()) and any(len(word) >= _ONE_SLIP_CHARS for word in words.split())


def _distance_within(one: str, other: str, allowed: int) -> bool:
    """Optimal string alignment distance (Damerau-Levenshtein without repeated edits), given up when too far."""
    if abs(len(one) - len(other)) > allowed:
        return False
    before: list[int] = []
    row = list(range(len(other) + 1))
    for index, letter in enumerate(one, start=1):
        following = [index]
        for position, facing in enumerate(other, start=1):
            cost = min(row[position] + 1, following[-1] + 1, row[position - 1] + (letter != facing))
            swapped = index > 1 and position > 1 and letter == other[position - 2] and one[index - 2] == facing
            following.append(min(cost, before[position - 2] + 1) if swapped else cost)
        if min(following) > allowed:
            return False
        before, row = row, following
    return row[-1] <= allowed


def bare(option: Option) -> str:
    """The option's id without its stamp."""
    return split_stamp(option.id)[0]


@lru_cache(maxsize=_TITLES_REMEMBERED)
def fold_title(title: str) -> str:
    """``fold`` for a title of the flow. Never called with a customer's words, which would fill the cache."""
    return fold(title)

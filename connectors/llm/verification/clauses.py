"""Clauses: the smallest pieces of a text that say something, each atom with its yes or no.

"Los sábados abrimos y los domingos no" is two clauses of opposite sign. Where it is not certain
which sign a clause has, it has none, and then nothing can rest on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from connectors.llm.verification.figures import Atom, Kind
from connectors.llm.verification.marks import Break, ForeignWord, Mark, Turn

CONDITIONS = frozenset({"c:if", "c:unless", "c:except", "c:only", "c:outside"})
"""Words that limit what was said before them, or what follows when they come first."""

LIMITS = frozenset({"c:from", "c:up_to", "c:at_least", "c:more_than", "c:less_than", "c:plus"})
"""Words that belong to the figure beside them."""

FORWARD = frozenset({"c:if", "c:unless", "c:except", "c:outside", "c:all", "c:every", "c:any", "c:first"}) | LIMITS
"""Words that are about what follows them."""

EITHER_WAY = frozenset({"c:only", "c:before", "c:after", "c:early", "c:extra"})
"""Words that may stand before or behind what they are about."""

UNCERTAIN = 0
"""It may be a yes or a no: nothing can rest on it."""

ANY_SIGN = 2
"""It says neither: a label, a heading, a subject."""


@dataclass(frozen=True, slots=True)
class Said:
    """An atom as a text says it: ``sign`` is 1, -1, ``UNCERTAIN`` or ``ANY_SIGN``."""

    atom: Atom
    sign: int


@dataclass(slots=True)
class Clause:
    """``joint`` is what stands before it. ``sign`` is ``None`` until it is known."""

    joint: Break
    marks: list[Mark] = field(default_factory=list)
    sign: int | None = None

    @property
    def atoms(self) -> list[Atom]:
        return [mark for mark in self.marks if isinstance(mark, Atom)]

    @property
    def foreign(self) -> list[str]:
        return [mark.word for mark in self.marks if isinstance(mark, ForeignWord)]

    @property
    def has_predicate(self) -> bool:
        return any(isinstance(mark, Turn) for mark in self.marks)

    @property
    def is_denial(self) -> bool:
        return Turn.NOT in self.marks

    @property
    def begins_with_subject(self) -> bool:
        return bool(self.marks) and isinstance(self.marks[0], Atom)

    @property
    def subject(self) -> tuple[Atom, ...]:
        """What stands before the first predicate."""
        for index, mark in enumerate(self.marks):
            if isinstance(mark, Turn):
                return tuple(atom for atom in self.marks[:index] if isinstance(atom, Atom))
        return ()

    @property
    def is_condition(self) -> bool:
        return any(is_condition_word(atom) for atom in self.atoms)

    def said(self) -> tuple[Said, ...]:
        sign = UNCERTAIN if self.sign is None else self.sign
        return tuple(Said(atom, -sign if atom.negative else sign) for atom in self.atoms)


def is_condition_word(atom: Atom) -> bool:
    return _is_among(atom, CONDITIONS)


def is_limit(atom: Atom) -> bool:
    return _is_among(atom, LIMITS)


def _is_among(atom: Atom, words: frozenset[str]) -> bool:
    return atom.kind is Kind.WORD and isinstance(atom.value, frozenset) and bool(atom.value & words)


def split_clauses(marks: Iterable[Mark]) -> list[Clause]:
    """The clauses in order; empty ones are dropped, their joint goes to the next."""
    clauses = [Clause(Break.SENTENCE)]
    for mark in marks:
        if isinstance(mark, Break):
            if clauses[-1].marks:
                clauses.append(Clause(mark))
            elif mark in (Break.SENTENCE, Break.BUT, Break.LABEL, Break.CELL):
                clauses[-1].joint = mark
        else:
            clauses[-1].marks.append(mark)
    if not clauses[-1].marks:
        clauses.pop()
    for clause in clauses:
        _fix_closing_time(clause)
        clause.marks = [_bound(clause.marks, index) for index in range(len(clause.marks))]
    return clauses


def _bound(marks: Sequence[Mark], index: int) -> Mark:
    """The mark, with what it is about where it is such a word."""
    mark = marks[index]
    if not isinstance(mark, Atom):
        return mark
    forward, either = _is_among(mark, FORWARD), _is_among(mark, EITHER_WAY)
    if not forward and not either:
        return mark
    following = next((other for other in marks[index + 1 :] if isinstance(other, Atom)), None)
    beside = [following] if following is not None else []
    before = marks[index - 1] if index else None
    if isinstance(before, Atom) and (either or not beside):
        beside.append(before)
    return replace(mark, beside=tuple(replace(other, beside=None) for other in beside))


def _fix_closing_time(clause: Clause) -> None:
    """To close at five says until when one is open; to open at nine, from when."""
    times = [mark for mark in clause.marks if isinstance(mark, Atom) and mark.kind is Kind.AT_TIME]
    turn = next((mark for mark in clause.marks if mark in (Turn.OPEN, Turn.CLOSED)), None)
    if not times or turn is None:
        return
    kind = Kind.FROM_TIME if turn is Turn.OPEN else Kind.UNTIL_TIME
    clause.marks = [
        replace(mark, kind=kind)
        if mark in times and isinstance(mark, Atom)
        else Turn.OPEN
        if mark is Turn.CLOSED
        else mark
        for mark in clause.marks
    ]


def settle_signs(clauses: Sequence[Clause]) -> None:
    """Give every clause its sign."""
    for clause in clauses:
        if clause.has_predicate:
            clause.sign = -1 if clause.is_denial != (Turn.CLOSED in clause.marks) else 1
    for index, clause in enumerate(clauses):
        if clause.sign is None:
            clause.sign = _borrowed_sign(clauses, index)


def _borrowed_sign(clauses: Sequence[Clause], index: int) -> int:
    """A clause without a verb says what the one before it says, or the one after it."""
    clause = clauses[index]
    before = clauses[index - 1] if index and clause.joint is not Break.SENTENCE else None
    if before is not None and clause.joint is not Break.BUT:
        if before.sign == 1 or clause.joint in (Break.OR, Break.LABEL, Break.CELL):
            return 1 if before.sign is None else before.sign
        return -1 if before.sign == -1 and _is_plain_list_item(clause) else UNCERTAIN
    if any(atom.kind not in (Kind.WORD, Kind.DAY, Kind.DATE) for atom in clause.atoms):
        return 1
    for after in clauses[index + 1 :]:
        if after.joint not in (Break.AND, Break.OR, Break.COMMA):
            break
        if after.sign is not None:
            return after.sign if after.begins_with_subject else 1
    return 1


def _is_plain_list_item(clause: Clause) -> bool:
    """Whether the clause holds nothing that could be a verb we do not know."""
    return all(
        atom.kind is not Kind.WORD
        or (isinstance(atom.value, frozenset) and any(str(key).startswith("c:") for key in atom.value))
        for atom in clause.atoms
    )

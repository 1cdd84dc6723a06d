"""Whether the clauses of an answer say what the quoted facts say: nothing added, moved, turned or left out.

The answer is cut into runs of neighbouring clauses; each run must rest on one unit. Within a run

* every atom occurs in the unit with the same sign;
* a fact of which any part is used is used whole, with its label, subject and condition;
* figures stay with the words they belong to.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

from connectors.llm.verification.clauses import ANY_SIGN, UNCERTAIN, Clause, Said
from connectors.llm.verification.evidence import Fact, Unit
from connectors.llm.verification.figures import TOPICS, Atom, Kind
from connectors.llm.verification.marks import Break, Turn
from connectors.llm.verification.verdict import Fault

_LONGEST = 40
"""Clauses. A longer answer is no answer to one question, and the search is quadratic."""

_STATEMENT = 3
"""Words that make a statement even without a verb we know."""

_NEVER_ALONE = frozenset({Turn.NOT, Turn.OPEN, Turn.CLOSED})

_KIN: dict[Turn, frozenset[Turn]] = {
    Turn.COST: frozenset({Turn.COST, Turn.PAY}),
    Turn.PAY: frozenset({Turn.PAY, Turn.COST, Turn.ACCEPT}),
    Turn.LAST: frozenset({Turn.LAST}),
    Turn.ACCEPT: frozenset({Turn.ACCEPT, Turn.PAY, Turn.ALLOW}),
    Turn.ALLOW: frozenset({Turn.ALLOW, Turn.ACCEPT}),
}
"""Predicate → the predicates of a unit that allow it."""

_FITTING: dict[Turn, frozenset[Kind]] = {
    Turn.COST: frozenset({Kind.MONEY, Kind.PERCENT}),
    Turn.PAY: frozenset({Kind.MONEY, Kind.PERCENT}),
    Turn.LAST: frozenset({Kind.MEASURE}),
}
"""Predicate → the figures that allow it without any ("Corte: 18 €") and that it must stand with."""


def unsupported(answer: Sequence[Clause], units: Sequence[Unit], asked: Sequence[Atom]) -> Fault | None:
    """The reason why ``units`` do not carry ``answer``; ``None`` when they do.

    ``asked`` are the atoms of the customer's question: what they name need not be said again.
    """
    clauses = [clause for clause in answer if clause.atoms]
    if not clauses or len(clauses) > _LONGEST:
        return Fault.UNSUPPORTED
    if any(not clause.atoms and set(clause.marks) & _NEVER_ALONE for clause in answer):
        return Fault.UNSUPPORTED
    if any(not _is_statement(sentence) for sentence in _sentences(clauses)[1:]):
        return Fault.MISPLACED
    for clause in clauses:
        for said in clause.said():
            carriers = [item for unit in units for item in _carriers(said.atom, unit)]
            if not carriers:
                return Fault.UNSUPPORTED
            if not any(item.sign in (ANY_SIGN, said.sign) for item in carriers):
                return Fault.CONTRARY
    if _can_be_cut(clauses, units, asked):
        return None
    alone = all(any(_mismatch([clause], unit) is None for unit in units) for clause in clauses)
    return Fault.INCOMPLETE if alone else Fault.MISPLACED


def names_all(unit: Unit, atoms: Sequence[Atom]) -> bool:
    """Whether everything ``atoms`` name occurs in the unit or above it."""
    return all(_carriers(atom, unit) for atom in atoms)


def _can_be_cut(clauses: list[Clause], units: Sequence[Unit], asked: Sequence[Atom]) -> bool:
    @functools.cache
    def from_(start: int) -> bool:
        if start == len(clauses):
            return True
        if start and not _can_begin(clauses[start]):
            return False
        return any(
            _rests_on(clauses[start:end], unit, asked) and from_(end)
            for end in range(len(clauses), start, -1)
            for unit in units
        )

    return from_(0)


def _can_begin(clause: Clause) -> bool:
    """Whether a run may start here: "… y de 17:00 a 21:00" and "… y las barbas" only continue."""
    if not any(atom.kind in TOPICS for atom in clause.atoms):
        return False
    return clause.joint is Break.SENTENCE or _speaks_for_itself(clause)


def _is_statement(sentence: Sequence[Clause]) -> bool:
    """A word or two without a verb ("Free.") hang on something, and nobody can say on what."""
    return any(map(_speaks_for_itself, sentence)) or sum(len(clause.atoms) for clause in sentence) >= _STATEMENT


def _speaks_for_itself(clause: Clause) -> bool:
    return clause.has_predicate or any(atom.kind not in TOPICS for atom in clause.atoms)


def _carriers(atom: Atom, unit: Unit) -> list[Said]:
    """Where the unit has it."""
    said = [item for fact in unit.facts for item in (*fact.own, *fact.needed)]
    said += [Said(item, ANY_SIGN) for fact in unit.facts for item in fact.subject]
    said += [Said(item, ANY_SIGN) for item in unit.context]
    return [item for item in said if item.atom.supports(atom)]


def _mismatch(run: Sequence[Clause], unit: Unit) -> Fault | None:
    for clause in run:
        if not _predicates_fit(clause, unit):
            return Fault.UNSUPPORTED
        for said in clause.said():
            carriers = _carriers(said.atom, unit)
            if not carriers:
                return Fault.UNSUPPORTED
            if not any(item.sign == ANY_SIGN or (item.sign == said.sign != UNCERTAIN) for item in carriers):
                return Fault.CONTRARY
    return None


def _predicates_fit(clause: Clause, unit: Unit) -> bool:
    figures = {atom.kind for atom in clause.atoms} - TOPICS
    for turn in clause.marks:
        if not isinstance(turn, Turn) or turn not in _KIN:
            continue
        fitting = _FITTING.get(turn, frozenset())
        if fitting and figures & {Kind.MONEY, Kind.MEASURE, Kind.PERCENT} and not figures & fitting:
            return False
        free = any(isinstance(atom.value, frozenset) and "c:free_of_charge" in atom.value for atom in clause.atoms)
        allowed = bool(_KIN[turn] & unit.turns) or bool(figures & fitting) or (free and turn in (Turn.COST, Turn.PAY))
        if not allowed:
            return False
    return True


def _rests_on(run: Sequence[Clause], unit: Unit, asked: Sequence[Atom]) -> bool:
    if _mismatch(run, unit) is not None:
        return False
    spoken = [atom for clause in run for atom in clause.atoms]
    if asked and names_all(unit, asked):
        spoken = [*spoken, *asked]
    if _narrows_twice(spoken, unit):
        return False
    return all(_sentence_rests_on(sentence, unit, spoken, asked) for sentence in _sentences(run))


def _sentences(run: Sequence[Clause]) -> list[list[Clause]]:
    sentences: list[list[Clause]] = []
    for clause in run:
        if clause.joint is Break.SENTENCE or not sentences:
            sentences.append([])
        sentences[-1].append(clause)
    return sentences


def _sentence_rests_on(sentence: Sequence[Clause], unit: Unit, spoken: Sequence[Atom], asked: Sequence[Atom]) -> bool:
    """A label or a condition may have been said before (``spoken``); what a fact says, it says in one sentence."""
    said = [item for clause in sentence for item in clause.said()]
    here = [*(item.atom for item in said), *(asked if names_all(unit, asked) else ())]
    complete = [fact for fact in unit.facts if _is_complete(fact, here, spoken) and _is_touched(fact, said)]
    if not complete or not all(_is_placed(item, unit, complete) for item in said):
        return False
    return all(_keeps_together(clause, unit, complete) for clause in sentence)


def _is_complete(fact: Fact, here: Sequence[Atom], spoken: Sequence[Atom]) -> bool:
    own = all(any(item.atom.supports(claim) for claim in here) for item in fact.own)
    return own and all(any(item.atom.supports(claim) for claim in spoken) for item in fact.needed)


def _is_touched(fact: Fact, said: Sequence[Said]) -> bool:
    return any(mine.atom.supports(item.atom) for mine in fact.own for item in said)


def _is_placed(item: Said, unit: Unit, complete: Sequence[Fact]) -> bool:
    """An atom of the answer comes from a fact that is used whole, or from a label or heading."""
    if any(mine.atom.supports(item.atom) for fact in complete for mine in fact.own):
        return True
    beside = [atom for fact in complete for atom in (*(needed.atom for needed in fact.needed), *fact.subject)]
    if any(atom.supports(item.atom) for atom in beside):
        return True
    owned = any(mine.atom.supports(item.atom) for fact in unit.facts for mine in fact.own)
    return not owned and any(atom.supports(item.atom) for atom in unit.context)


def _narrows_twice(spoken: Sequence[Atom], unit: Unit) -> bool:
    """Whether a span of days is cut into parts: noon and night, Tuesday to Sunday, is not Tuesday at noon."""
    days = {atom.value for atom in spoken if atom.kind is Kind.DAY}
    listed = [item.atom for fact in unit.facts for item in fact.own if item.atom.kind is Kind.DAY]
    return any(sum(atom.supports(Atom(Kind.DAY, claim)) for claim in days) > 1 for atom in listed)


def _keeps_together(clause: Clause, unit: Unit, complete: Sequence[Fact]) -> bool:
    """Each figure stands with a topic of its own fact, and with none of a fact that has such a figure too."""
    topics = [atom for atom in clause.atoms if atom.kind in TOPICS]
    for atom in clause.atoms:
        if atom.kind in TOPICS:
            continue
        owners = [fact for fact in complete if _owns(fact, atom)]
        if owners and not any(_stands_right(fact, atom.kind, topics, unit.facts) for fact in owners):
            return False
    return True


def _stands_right(fact: Fact, kind: Kind, topics: Sequence[Atom], facts: Sequence[Fact]) -> bool:
    if not any(item.atom.kind in TOPICS for item in fact.own):
        return True
    own = [topic for topic in topics if _owns(fact, topic)]
    others = [other for other in facts if other is not fact]
    foreign = [topic for topic in topics if topic not in own and any(_owns(other, topic) for other in others)]
    rivals = [other for other in others if _has_topic_and(other, kind)]
    if rivals:
        return bool(own) and not any(_owns(other, topic) for other in rivals for topic in foreign)
    return bool(own) or not foreign


def _owns(fact: Fact, atom: Atom) -> bool:
    return any(item.atom.supports(atom) for item in fact.own)


def _has_topic_and(fact: Fact, kind: Kind) -> bool:
    kinds = {item.atom.kind for item in fact.own}
    return kind in kinds and bool(kinds & TOPICS)

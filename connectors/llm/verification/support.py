"""Whether the clauses of an answer say what the quoted facts say: nothing added, moved, turned or left out.

The answer is cut into runs of neighbouring clauses; each run must rest on one unit. Within a run

* every atom occurs in the unit with the same sign;
* a fact of which any part is used is used whole, with its label, subject and condition;
* figures stay with the words they belong to.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

from connectors.llm.verification.clauses import Clause, Said
from connectors.llm.verification.evidence import Fact, Unit
from connectors.llm.verification.figures import TOPICS, Atom
from connectors.llm.verification.verdict import Fault

_LONGEST = 40
"""Clauses. A longer answer is no answer to one question, and the search is quadratic."""


def unsupported(answer: Sequence[Clause], units: Sequence[Unit], asked: Sequence[Atom]) -> Fault | None:
    """The reason why ``units`` do not carry ``answer``; ``None`` when they do.

    ``asked`` are the atoms of the customer's question: what they name need not be said again.
    """
    clauses = [clause for clause in answer if clause.atoms]
    if not clauses or len(clauses) > _LONGEST:
        return Fault.UNSUPPORTED
    if any(clause.is_denial and not clause.atoms for clause in answer):
        return Fault.UNSUPPORTED
    for clause in clauses:
        for said in clause.said():
            carriers = [item for unit in units for item in _carriers(said.atom, unit)]
            if not carriers:
                return Fault.UNSUPPORTED
            if all(item is not None and item.sign != said.sign for item in carriers):
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
        if start and not any(atom.kind in TOPICS for atom in clauses[start].atoms):
            return False  # "… y de 17:00 a 21:00" continues what stands before it
        return any(
            _rests_on(clauses[start:end], unit, asked) and from_(end)
            for end in range(len(clauses), start, -1)
            for unit in units
        )

    return from_(0)


def _carriers(atom: Atom, unit: Unit) -> list[Said | None]:
    """Where the unit has it; ``None`` stands for a label or heading, which has no sign of its own."""
    found: list[Said | None] = [item for fact in unit.facts for item in fact.own if item.atom.supports(atom)]
    above = (*unit.context, *(needed for fact in unit.facts for needed in fact.needed))
    if any(item.supports(atom) for item in above):
        found.append(None)
    return found


def _mismatch(run: Sequence[Clause], unit: Unit) -> Fault | None:
    for clause in run:
        for said in clause.said():
            carriers = _carriers(said.atom, unit)
            if not carriers:
                return Fault.UNSUPPORTED
            if not any(item is None or (item.sign == said.sign and item.sign) for item in carriers):
                return Fault.CONTRARY
    return None


def _rests_on(run: Sequence[Clause], unit: Unit, asked: Sequence[Atom]) -> bool:
    if _mismatch(run, unit) is not None:
        return False
    said = [item for clause in run for item in clause.said()]
    spoken = [item.atom for item in said]
    if asked and names_all(unit, asked):
        spoken = [*spoken, *asked]
    complete = [fact for fact in unit.facts if _is_complete(fact, spoken) and _is_touched(fact, said)]
    if not complete:
        return False
    if not all(_is_placed(item, unit, complete) for item in said):
        return False
    return all(_keeps_together(clause, unit, complete) for clause in run)


def _is_complete(fact: Fact, spoken: Sequence[Atom]) -> bool:
    wanted = [*(item.atom for item in fact.own), *fact.needed]
    return all(any(atom.supports(claim) for claim in spoken) for atom in wanted)


def _is_touched(fact: Fact, said: Sequence[Said]) -> bool:
    return any(mine.atom.supports(item.atom) for mine in fact.own for item in said)


def _is_placed(item: Said, unit: Unit, complete: Sequence[Fact]) -> bool:
    """An atom of the answer comes from a fact that is used whole, or from a label or heading."""
    if any(mine.atom.supports(item.atom) for fact in complete for mine in fact.own):
        return True
    if any(atom.supports(item.atom) for fact in complete for atom in fact.needed):
        return True
    owned = any(mine.atom.supports(item.atom) for fact in unit.facts for mine in fact.own)
    return not owned and any(atom.supports(item.atom) for atom in unit.context)


def _keeps_together(clause: Clause, unit: Unit, complete: Sequence[Fact]) -> bool:
    """Where several facts of a unit have a topic and a figure of one kind each, the pairs stay pairs."""
    rivals = [fact for fact in complete if _has_rival(fact, unit.facts)]
    for atom in clause.atoms:
        if atom.kind in TOPICS:
            continue
        owners = [fact for fact in rivals if any(item.atom.supports(atom) for item in fact.own)]
        if owners and not any(_shares_topic(fact, clause, rivals) for fact in owners):
            return False
    return True


def _has_rival(fact: Fact, facts: Sequence[Fact]) -> bool:
    return any(other is not fact and _figure_kinds(fact) & _figure_kinds(other) for other in facts)


def _figure_kinds(fact: Fact) -> set[str]:
    """Kinds of the figures of a fact that has a topic of its own; none otherwise."""
    if not any(item.atom.kind in TOPICS for item in fact.own):
        return set()
    return {item.atom.kind.value for item in fact.own if item.atom.kind not in TOPICS}


def _shares_topic(fact: Fact, clause: Clause, rivals: Sequence[Fact]) -> bool:
    topics = [atom for atom in clause.atoms if atom.kind in TOPICS]
    others = [other for other in rivals if other is not fact]
    own = [topic for topic in topics if any(item.atom.supports(topic) for item in fact.own)]
    foreign = [
        topic
        for topic in topics
        if topic not in own and any(item.atom.supports(topic) for other in others for item in other.own)
    ]
    return bool(own) and not foreign

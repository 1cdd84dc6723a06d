"""Evidence: the sentences that quotes stand in, as facts an answer can be compared with.

A quote counts only as part of its whole sentence or list item, so that "hacemos extensiones" cannot
be cut out of "no hacemos permanentes ni extensiones".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from connectors.llm.verification.blocks import Block, fold, plain
from connectors.llm.verification.clauses import (
    ANY_SIGN,
    Clause,
    Said,
    is_condition_word,
    is_limit,
    settle_signs,
    split_clauses,
)
from connectors.llm.verification.figures import TOPICS, Atom, Kind
from connectors.llm.verification.lexicon import language_of
from connectors.llm.verification.marks import Break, Turn, read_marks

_LIST_ITEM = re.compile(r"^\s*(?:[-*+]|\d{1,2}[.)])\s+|^\s*\|")
_SENTENCE_END = re.compile(r"(?<=[.!?])(?<!\bDr\.)(?<!\bSr\.)(?<!\bMr\.)(?<!\bDra\.)(?<!\bSra\.)(?<!\bMrs\.)\s+")
_CONTINUES = re.compile(
    r"(?i)^(?:excepto|salvo|pero|aunque|solo|sólo|no obstante|sin embargo|except|unless|but|however|only|although)\b"
)
_POINTS_BACK = re.compile(
    r"(?i)^(?:they|it|this|these|those|he|she|estos|estas|ellos|ellas|éste|ésta|este|esta)\b|\b\w+[aei]r(?:lo|la|los|las)\b"
)
"""Words that mean nothing without the sentence before them."""


@dataclass(frozen=True, slots=True)
class Fact:
    """``own`` is what it says; ``needed`` must be said with it: its label, its days, its condition.

    ``subject`` may be said with it: "the clinic is on the ground floor and has a ramp".
    """

    own: tuple[Said, ...]
    needed: tuple[Said, ...]
    subject: tuple[Atom, ...] = ()


@dataclass(frozen=True, slots=True)
class Unit:
    """One sentence, list item or table row. ``context`` are words above it that may be said but need not."""

    text: str
    facts: tuple[Fact, ...]
    context: tuple[Atom, ...]
    turns: frozenset[Turn]


def is_limited(block: Block) -> bool:
    """Whether a heading turns or limits what stands below it ("No hacemos", "Solo en agosto")."""
    language = language_of(f"{' '.join(block.headings)} {block.text}")
    for heading in block.headings:
        marks = read_marks(heading, language)
        if Turn.NOT in marks or any(
            isinstance(mark, Atom) and (mark.negative or is_condition_word(mark)) for mark in marks
        ):
            return True
    return False


def quoted_units(block: Block, quotes: Sequence[str]) -> list[Unit]:
    """The units of ``block`` that the quotes (folded, each known to occur in it) touch."""
    pieces = _pieces(block.text)
    language = language_of(f"{' '.join(block.headings)} {block.text}")
    context = tuple(
        mark for heading in block.headings for mark in read_marks(heading, language) if isinstance(mark, Atom)
    )
    spans: list[tuple[int, int]] = []
    position = 0
    for piece in pieces:
        length = len(fold(piece))
        spans.append((position, position + length))
        position += length + 1
    touched: set[int] = set()
    for quote in quotes:
        start = block.folded.index(quote)
        end = start + len(quote)
        touched |= {index for index, span in enumerate(spans) if span[0] < end and start < span[1]}
    introduction = pieces[0] if len(pieces) > 1 and pieces[0].rstrip().endswith(":") else ""
    units = []
    for index in sorted(touched):
        text = pieces[index]
        if introduction and index and _LIST_ITEM.match(text):
            text = f"{introduction.strip()} {_LIST_ITEM.sub('', text)}"
        units.append(_unit(text, language, context))
    return units


def _pieces(text: str) -> list[str]:
    """List items and table rows by line, everything else by sentence; together they are the whole text."""
    pieces: list[str] = []
    prose: list[str] = []

    def close() -> None:
        for sentence in _SENTENCE_END.split("\n".join(prose)):
            if not sentence.strip():
                continue
            if (
                pieces
                and (_CONTINUES.match(sentence) or _POINTS_BACK.search(sentence))
                and not _LIST_ITEM.match(pieces[-1])
            ):
                pieces[-1] = f"{pieces[-1]} {sentence}"
            else:
                pieces.append(sentence)
        prose.clear()

    for line in text.split("\n"):
        if _LIST_ITEM.match(line):
            close()
            pieces.append(line)
        else:
            prose.append(line)
            if line.rstrip().endswith(":"):
                close()
    close()
    return pieces


def _unit(text: str, language: str, context: tuple[Atom, ...]) -> Unit:
    bare = (
        _LIST_ITEM.sub("", text) if not text.lstrip().startswith("|") else text.strip().strip("|").replace("|", ":", 1)
    )
    clauses = split_clauses(read_marks(plain(bare), language))
    settle_signs(clauses)
    is_line = bool(_LIST_ITEM.match(text))
    turns = frozenset(mark for clause in clauses for mark in clause.marks if isinstance(mark, Turn))
    return Unit(text, tuple(_facts(clauses, keeps_label=is_line)), context, turns)


def _facts(clauses: Sequence[Clause], *, keeps_label: bool) -> list[Fact]:
    facts: list[Fact] = []
    label: list[Clause] = []
    for sentence in _sentences(clauses):
        own_label = max((index for index, clause in enumerate(sentence) if clause.joint is Break.LABEL), default=0)
        label = (label if keeps_label else []) + sentence[:own_label]
        before = facts[0].own if facts and not keeps_label else ()
        topics = tuple(
            Said(item.atom, ANY_SIGN) for item in before if item.atom.kind in TOPICS and not is_limit(item.atom)
        )
        later = _facts_of_sentence(sentence[own_label:], label)
        facts += [replace(fact, needed=fact.needed + topics) for fact in later]
    return facts


def _sentences(clauses: Sequence[Clause]) -> list[list[Clause]]:
    sentences: list[list[Clause]] = []
    for clause in clauses:
        if clause.joint is Break.SENTENCE or not sentences:
            sentences.append([])
        sentences[-1].append(clause)
    return sentences


def _facts_of_sentence(clauses: Sequence[Clause], label: Sequence[Clause]) -> list[Fact]:
    labels = tuple(Said(atom, ANY_SIGN) for part in label for atom in part.atoms)
    denied = any(part.is_denial for part in label)
    condition: tuple[Said, ...] = ()
    facts: list[Fact] = []
    for clause in clauses:
        # Without a verb of its own a clause has borrowed the label's sign already.
        turned = denied and clause.has_predicate
        said = tuple(Said(item.atom, -item.sign) if turned else item for item in clause.said())
        if facts and clause.is_condition and clause.joint is Break.COMMA:
            facts[-1] = Fact(facts[-1].own + said, facts[-1].needed, facts[-1].subject)
            continue
        inherited = _inherited(clause, facts[-1]) if facts and clause.joint is not Break.CELL else ()
        subject = clauses[0].subject if facts and not clause.begins_with_subject else ()
        facts.append(Fact(said, (*labels, *condition, *inherited), subject))
        if len(facts) == 1 and clause.atoms and is_condition_word(clause.atoms[0]):
            condition = said
    return facts


def _inherited(clause: Clause, before: Fact) -> tuple[Said, ...]:
    """Times alone ("… y de 17:00 a 21:00") are about the days named before them."""
    kinds = {atom.kind for atom in clause.atoms}
    if Kind.WORD in kinds or clause.has_predicate:
        return ()
    atoms = [
        item.atom for item in (*before.own, *before.needed) if item.atom.kind in TOPICS and not is_limit(item.atom)
    ]
    return tuple(Said(atom, ANY_SIGN) for atom in dict.fromkeys(atoms) if atom.kind not in kinds)

"""Evidence: the sentences that quotes stand in, as facts an answer can be compared with.

A quote counts only as part of its whole sentence or list item, so that "hacemos extensiones" cannot
be cut out of "no hacemos permanentes ni extensiones".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from connectors.llm.verification.blocks import Block, fold, plain
from connectors.llm.verification.clauses import Clause, Said, is_condition_word, settle_signs, split_clauses
from connectors.llm.verification.figures import TOPICS, Atom, Kind
from connectors.llm.verification.lexicon import language_of
from connectors.llm.verification.marks import Break, Turn, read_marks

_LIST_ITEM = re.compile(r"^\s*(?:[-*+]|\d{1,2}[.)])\s+|^\s*\|")
_SENTENCE_END = re.compile(r"(?<=[.!?])(?<!\bDr\.)(?<!\bSr\.)(?<!\bMr\.)(?<!\bDra\.)(?<!\bSra\.)(?<!\bMrs\.)\s+")
_CONTINUES = re.compile(
    r"(?i)^(?:excepto|salvo|pero|aunque|solo|sólo|no obstante|sin embargo|except|unless|but|however|only|although)\b"
)


@dataclass(frozen=True, slots=True)
class Fact:
    """``own`` is what it says; ``needed`` must be said with it: its label, its subject, its condition."""

    own: tuple[Said, ...]
    needed: tuple[Atom, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """One sentence, list item or table row. ``context`` are words above it that may be said but need not."""

    text: str
    facts: tuple[Fact, ...]
    context: tuple[Atom, ...]


def is_limited(block: Block) -> bool:
    """Whether a heading turns or limits what stands below it ("No hacemos", "Solo en agosto")."""
    language = language_of(f"{' '.join(block.headings)} {block.text}")
    for heading in block.headings:
        marks = read_marks(heading, language)
        if Turn.NOT in marks or any(isinstance(mark, Atom) and (mark.negative or is_condition_word(mark)) for mark in marks):
            return True
    return False


def quoted_units(block: Block, quotes: Sequence[str]) -> list[Unit]:
    """The units of ``block`` that the quotes (folded, each known to occur in it) touch."""
    pieces = _pieces(block.text)
    language = language_of(f"{' '.join(block.headings)} {block.text}")
    context = tuple(mark for heading in block.headings for mark in read_marks(heading, language) if isinstance(mark, Atom))
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
            if pieces and _CONTINUES.match(sentence) and not _LIST_ITEM.match(pieces[-1]):
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
    bare = _LIST_ITEM.sub("", text) if not text.lstrip().startswith("|") else text.strip().strip("|").replace("|", ":", 1)
    clauses = split_clauses(read_marks(plain(bare), language))
    settle_signs(clauses)
    is_line = bool(_LIST_ITEM.match(text))
    return Unit(text, tuple(_facts(clauses, keeps_label=is_line)), context)


def _facts(clauses: Sequence[Clause], *, keeps_label: bool) -> list[Fact]:
    facts: list[Fact] = []
    label: list[Clause] = []
    condition: tuple[Atom, ...] = ()
    previous: Clause | None = None
    for index, clause in enumerate(clauses):
        starts = clause.joint is Break.SENTENCE
        if starts:
            condition, previous = (), None
            label = label if keeps_label else []
        if index + 1 < len(clauses) and clauses[index + 1].joint is Break.LABEL:
            label = [*label, clause]
            continue
        denied = any(part.is_denial for part in label)
        said = tuple(Said(item.atom, -item.sign) if denied else item for item in clause.said())
        labels = tuple(atom for part in label for atom in part.atoms)
        if facts and clause.is_condition and clause.joint is Break.COMMA and previous is not None:
            facts[-1] = Fact(facts[-1].own + said, facts[-1].needed)
            continue
        subject = _inherited(clause, facts[-1]) if facts and previous is not None else ()
        facts.append(Fact(said, (*labels, *condition, *subject)))
        if starts and clause.atoms and is_condition_word(clause.atoms[0]):
            condition = tuple(clause.atoms)
        previous = clause
    return facts


def _inherited(clause: Clause, before: Fact) -> tuple[Atom, ...]:
    """"… y de 17:00 a 21:00" is about the days named before it."""
    kinds = {atom.kind for atom in clause.atoms}
    if Kind.WORD in kinds or clause.has_predicate:
        return ()
    atoms = [item.atom for item in before.own if item.atom.kind in TOPICS]
    atoms += [atom for atom in before.needed if atom.kind in TOPICS]
    return tuple(dict.fromkeys(atom for atom in atoms if atom.kind not in kinds))

"""``verify``: from what a model proposed to what may be sent."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

from connectors.llm.verification.appearance import fault_of
from connectors.llm.verification.blocks import Block, Knowledge, fold, plain
from connectors.llm.verification.clauses import Clause, settle_signs, split_clauses
from connectors.llm.verification.evidence import Unit, is_limited, quoted_units
from connectors.llm.verification.figures import Atom
from connectors.llm.verification.lexicon import LANGUAGES
from connectors.llm.verification.marks import read_marks
from connectors.llm.verification.proposal import Proposal
from connectors.llm.verification.support import names_all, unsupported
from connectors.llm.verification.verdict import Fault, Ruling, Verdict

MIN_QUOTE = 8
"""Characters. Shorter ones occur by chance ("corte", "18 €")."""

MAX_BLOCKS_SENT = 2
MAX_TEXT_SENT = 900
"""Characters. A message of WhatsApp with buttons has 1024."""

_PARTICLE = re.compile(r"^\s*[¡!]?\s*(?P<word>s[ií]|yes|no)\s*[,.!;:—–-]+\s*", re.IGNORECASE)


class Mode(StrEnum):
    """How much of a model's own wording a tenant lets through. There is nothing looser than these."""

    EXTRACTIVE = "extractive"
    """none: quoted blocks only"""
    VERIFIED = "verified"
    """what the quotes carry word by word and figure by figure; else the quoted blocks"""


def verify(
    proposal: Proposal, knowledge: Knowledge, *, question: str, language: str, mode: Mode = Mode.VERIFIED
) -> Verdict:
    """Judge one proposal. Never raises for anything a model can return.

    ``question`` is the customer's; ``language`` (BCP 47) is the one the answer has to be in.
    """
    if not proposal.answerable:
        return Verdict(Ruling.REFUSED, fault=Fault.NOT_ANSWERABLE)
    found = _quoted_blocks(proposal, knowledge)
    if isinstance(found, Fault):
        return Verdict(Ruling.REFUSED, fault=found)
    if mode is Mode.EXTRACTIVE:
        return _blocks_instead(found, Fault.MODE)
    answer = unicodedata.normalize("NFC", proposal.answer).strip()
    judged = _judge(answer, found, question, language.split("-", maxsplit=1)[0].lower())
    return _blocks_instead(found, judged) if isinstance(judged, Fault) else Verdict(Ruling.VERIFIED, judged)


def _quoted_blocks(proposal: Proposal, knowledge: Knowledge) -> dict[Block, list[str]] | Fault:
    """Block → its quotes, folded; one quote that is not there discredits all."""
    if not proposal.quotes:
        return Fault.NO_QUOTE
    found: dict[Block, list[str]] = {}
    for quote in proposal.quotes:
        block, text = knowledge.block(quote.block), fold(quote.text)
        if block is None or len(text) < MIN_QUOTE or text not in block.folded:
            return Fault.FALSE_QUOTE
        found.setdefault(block, []).append(text)
    return found


def _blocks_instead(found: dict[Block, list[str]], fault: Fault) -> Verdict:
    """The quoted blocks, where they mean the same alone as in the document."""
    text = "\n\n".join("\n".join(plain(line) for line in block.text.split("\n")) for block in found)
    stands_alone = len(found) <= MAX_BLOCKS_SENT and len(text) <= MAX_TEXT_SENT
    if not stands_alone or any(is_limited(block) for block in found):
        return Verdict(Ruling.REFUSED, fault=Fault.BLOCK_DOES_NOT_STAND_ALONE)
    return Verdict(Ruling.QUOTED, text, fault)


def _judge(answer: str, found: dict[Block, list[str]], question: str, language: str) -> str | Fault:
    """The answer to send, or why not."""
    looks = fault_of(answer, " ".join(block.folded for block in found))
    if looks is not None:
        return looks
    if language not in LANGUAGES:
        return Fault.WRONG_LANGUAGE
    if any(is_limited(block) for block in found):
        return Fault.INCOMPLETE
    units = [unit for block, quotes in found.items() for unit in quoted_units(block, quotes)]
    particle = _PARTICLE.match(answer)
    statement = answer[particle.end() :] if particle else answer
    clauses = split_clauses(read_marks(statement, language))
    settle_signs(clauses)
    if any(clause.foreign for clause in clauses):
        return Fault.WRONG_LANGUAGE
    asked = [mark for mark in read_marks(question, language) if isinstance(mark, Atom)]
    fault = unsupported(clauses, units, asked)
    if fault is not None:
        return fault
    if particle is None or _is_proven(particle["word"], clauses, units, asked):
        return answer
    # The statement is true; only the yes or no before it is not shown by the document.
    return statement[0].upper() + statement[1:]


def _is_proven(word: str, clauses: list[Clause], units: list[Unit], asked: list[Atom]) -> bool:
    """Whether the statement that follows a yes or no is about exactly what was asked, and of that sign."""
    first = next(clause for clause in clauses if clause.atoms)
    wanted = -1 if word.lower() == "no" else 1
    if not asked or any(item.sign != wanted for item in first.said()):
        return False
    atoms = first.atoms
    return any(names_all(unit, asked) and names_all(unit, atoms) for unit in units)

"""Right and wrong answers to four documents, as data.

A row is ``[document, language, question, answer, quote, ...]``; a quote is a text, or ``[text, block]``
when it claims a block that it does not stand in.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from connectors.llm.verification import Knowledge, Mode, Proposal, Quote, Verdict, read_knowledge, verify
from connectors.llm.verification.blocks import fold

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Case:
    """``family`` is the file it stands in."""

    family: str
    document: str
    language: str
    question: str
    proposal: Proposal

    @property
    def knowledge(self) -> Knowledge:
        return knowledge_of(self.document)

    def verdict(self, mode: Mode = Mode.VERIFIED) -> Verdict:
        return verify(self.proposal, self.knowledge, question=self.question, language=self.language, mode=mode)


def markdown_of(document: str) -> str:
    return (FOLDER / "documents" / f"{document}.md").read_text("utf-8")


@cache
def knowledge_of(document: str) -> Knowledge:
    return read_knowledge(markdown_of(document))


def correct() -> list[Case]:
    """What the figure is taken from; nothing was tuned on it."""
    return list(_read(FOLDER / "correct" / "held_out.jsonl"))


def second_author() -> list[Case]:
    """By somebody else, who had not read the verifier's rules; measured, and never mended for."""
    return list(_read(FOLDER / "correct" / "second_author.jsonl"))


def development() -> list[Case]:
    return list(_read(FOLDER / "correct" / "development.jsonl"))


def adversarial() -> list[Case]:
    return [case for path in sorted((FOLDER / "adversarial").glob("*.jsonl")) for case in _read(path)]


def _read(path: Path) -> Iterator[Case]:
    for line in path.read_text("utf-8").splitlines():
        document, language, question, answer, *quotes = json.loads(line)
        found = tuple(_quote(document, item) for item in quotes)
        yield Case(path.stem, document, language, question, Proposal(answerable=True, answer=answer, quotes=found))


def _quote(document: str, item: str | list[object]) -> Quote:
    if isinstance(item, list):
        text, block = item
        return Quote(int(str(block)), str(text))
    blocks = knowledge_of(document).blocks
    return Quote(next((block.number for block in blocks if fold(item) in block.folded), 1), item)

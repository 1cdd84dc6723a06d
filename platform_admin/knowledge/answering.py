"""``answer_from``: what a question gets from a document, which lines that rests on, and why it is allowed or not.

The same search and the same verifier as in production, without a language model: what it says is said in the document's
own words. A model may word an answer differently, and is held to the same lines.
"""

from __future__ import annotations

from dataclasses import dataclass

from connectors.llm.keyword_search import best_block
from connectors.llm.verification import Knowledge, Mode, Proposal, Quote, Ruling, verify

NOTHING_FOUND = "nothing_found"
"""The word for a question that no block is about; the others are the verifier's."""


@dataclass(frozen=True, slots=True)
class Answer:
    """``text`` is what is sent, empty when nothing is. ``quote`` stands below ``headings``, outermost first.

    ``reason`` is one word: ``quoted``, ``nothing_found``, or the verifier's fault.
    """

    answered: bool
    text: str
    quote: str
    headings: tuple[str, ...]
    reason: str

    @property
    def heading(self) -> str:
        """The nearest one above the quote."""
        return self.headings[-1] if self.headings else ""


def answer_from(document: Knowledge, question: str, *, language: str) -> Answer:
    """Pure. ``document`` is read once (``read_knowledge``) and asked often."""
    block = best_block(question, document)
    if block is None:
        return Answer(answered=False, text="", quote="", headings=(), reason=NOTHING_FOUND)
    proposal = Proposal(answerable=True, answer="", quotes=(Quote(block.number, block.text),))
    verdict = verify(proposal, document, question=question, language=language, mode=Mode.EXTRACTIVE)
    if verdict.ruling is Ruling.REFUSED:
        reason = "" if verdict.fault is None else verdict.fault.value
        return Answer(answered=False, text="", quote=block.text, headings=block.headings, reason=reason)
    return Answer(answered=True, text=verdict.text, quote=block.text, headings=block.headings, reason="quoted")

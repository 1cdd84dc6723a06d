"""``Proposal``: what a model returned, in the closed shape that it was asked for."""

from __future__ import annotations

from dataclasses import dataclass

from connectors.plain_json import JSON

MAX_QUOTES = 8
"""An answer resting on more places is a summary, and summaries cannot be checked."""


class ProposalError(ValueError):
    """The output has another shape than the one that was asked for."""


@dataclass(frozen=True, slots=True)
class Quote:
    """``text`` is claimed to stand word for word in the block of that number."""

    block: int
    text: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """``answerable`` is false when the model says that the document has no answer."""

    answerable: bool
    answer: str
    quotes: tuple[Quote, ...]


def read_proposal(value: JSON) -> Proposal:
    """From decoded JSON. Every key must be there and nothing else.

    Raises:
        ProposalError: saying which part is not as asked for; never quoting it.
    """
    if not isinstance(value, dict) or set(value) != {"answerable", "answer", "quotes"}:
        raise ProposalError("the output is not an object of answerable, answer and quotes")
    answerable, answer, quotes = value["answerable"], value["answer"], value["quotes"]
    if not isinstance(answerable, bool) or not isinstance(answer, str) or not isinstance(quotes, list):
        raise ProposalError("answerable, answer or quotes has another type than asked for")
    if len(quotes) > MAX_QUOTES:
        raise ProposalError(f"more than {MAX_QUOTES} quotes")
    return Proposal(answerable, answer, tuple(_quote(item) for item in quotes))


def _quote(item: JSON) -> Quote:
    if not isinstance(item, dict) or set(item) != {"block", "quote"}:
        raise ProposalError("a quote is not an object of block and quote")
    block, text = item["block"], item["quote"]
    if isinstance(block, bool) or not isinstance(block, int) or not isinstance(text, str):
        raise ProposalError("a quote has another type than asked for")
    return Quote(block, text)

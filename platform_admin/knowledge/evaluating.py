"""``evaluate``: the questions that must be right, asked of a document."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from connectors.llm.verification import read_knowledge
from platform_admin.knowledge.answering import Answer, answer_from


@dataclass(frozen=True, slots=True)
class Expectation:
    """``heading`` is the one under which the answer has to stand; empty: the question must not be answered."""

    question: str
    heading: str


@dataclass(frozen=True, slots=True)
class Evaluated:
    expected: Expectation
    answer: Answer

    @property
    def holds(self) -> bool:
        if not self.expected.heading:
            return not self.answer.answered
        return self.answer.answered and self.expected.heading in self.answer.headings


def evaluate(expectations: Iterable[Expectation], markdown: str, *, language: str) -> tuple[Evaluated, ...]:
    """In their order. Pure: the same document and questions give the same."""
    document = read_knowledge(markdown)
    return tuple(
        Evaluated(expected, answer_from(document, expected.question, language=language)) for expected in expectations
    )

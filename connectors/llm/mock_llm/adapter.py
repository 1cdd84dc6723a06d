"""``MockLLMAdapter``: scripted answers, and otherwise a quotation of the document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from connectors.binding import Binding
from connectors.kernel.options import read_options
from connectors.llm.keyword_search import keyword_answer, normalise
from connectors.llm.mock_llm.config import MockLLMConfig
from connectors.llm.port import AnswerOutcome, LLMAnswer, LLMConnector

CATEGORIES = frozenset({"llm"})
CONFIG = MockLLMConfig


class MockLLMAdapter(LLMConnector):
    """Answers from ``script`` (question → answer), else by quoting the knowledge document.

    A scripted text stands for an answered question. Questions are compared without case, accents and
    punctuation. ``asked`` lists every question in order, as it came, ``contexts`` what came along with each.
    """

    def __init__(self, script: Mapping[str, str | LLMAnswer] | None = None, *, knowledge: str = "") -> None:
        self.knowledge = knowledge
        self.asked: list[str] = []
        self.contexts: list[tuple[str, ...]] = []
        self._script = {
            normalise(question): LLMAnswer(AnswerOutcome.ANSWERED, answer) if isinstance(answer, str) else answer
            for question, answer in (script or {}).items()
        }

    async def answer(
        self,
        question: str,
        *,
        knowledge: str,
        language: str,
        context: Sequence[str] = (),
        idempotency_key: str = "",
    ) -> LLMAnswer:
        self.asked.append(question)
        self.contexts.append(tuple(context))
        answer = self._script.get(normalise(question))
        if answer is None:
            answer = _quotation(question, knowledge, language)
        tokens = answer.tokens or len(question.split()) + len(answer.text.split())
        return LLMAnswer(answer.outcome, answer.text, tokens)


def _quotation(question: str, knowledge: str, language: str) -> LLMAnswer:
    text = keyword_answer(question, knowledge, language)
    return LLMAnswer(AnswerOutcome.ANSWERED if text else AnswerOutcome.OUT_OF_SCOPE, text)


def build(binding: Binding) -> MockLLMAdapter:
    """From ``responses``: question → text, or ``{outcome, text?, tokens?}``."""
    config = read_options(MockLLMConfig, binding.options, binding.path)
    return MockLLMAdapter(config.responses, knowledge=binding.knowledge)

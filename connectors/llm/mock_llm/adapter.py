"""``MockLLMAdapter``: scripted answers, and otherwise a quotation of the document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from connectors.binding import Binding
from connectors.kernel.config_reader import ConfigReader
from connectors.llm.mock_llm.extractive import best_block, normalise
from connectors.llm.port import AnswerOutcome, LLMAnswer, LLMConnector
from connectors.llm.verification import Mode, Proposal, Quote, Ruling, read_knowledge, verify
from connectors.plain_json import JSON

CATEGORIES = frozenset({"llm"})


class MockLLMAdapter(LLMConnector):
    """Answers from ``script`` (question → answer), else by quoting the knowledge document.

    A scripted text stands for an answered question. Questions are compared without case, accents and
    punctuation. ``asked`` lists every question in order, as it came.
    """

    def __init__(self, script: Mapping[str, str | LLMAnswer] | None = None, *, knowledge: str = "") -> None:
        self.knowledge = knowledge
        self.asked: list[str] = []
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
        answer = self._script.get(normalise(question))
        if answer is None:
            answer = _quotation(question, knowledge, language)
        tokens = answer.tokens or len(question.split()) + len(answer.text.split())
        return LLMAnswer(answer.outcome, answer.text, tokens)


def _quotation(question: str, knowledge: str, language: str) -> LLMAnswer:
    """The block that answers, past the same verifier as a model's answer."""
    document = read_knowledge(knowledge)
    block = best_block(question, document)
    if block is None:
        return LLMAnswer(AnswerOutcome.OUT_OF_SCOPE)
    proposal = Proposal(answerable=True, answer="", quotes=(Quote(block.number, block.text),))
    verdict = verify(proposal, document, question=question, language=language, mode=Mode.EXTRACTIVE)
    outcome = AnswerOutcome.OUT_OF_SCOPE if verdict.ruling is Ruling.REFUSED else AnswerOutcome.ANSWERED
    return LLMAnswer(outcome, verdict.text)


def build(binding: Binding) -> MockLLMAdapter:
    """From ``responses``: question → text, or ``{outcome, text?, tokens?}``."""
    reader = ConfigReader(binding.options, binding.path)
    script: dict[str, str | LLMAnswer] = {}
    for question, response in reader.take_mapping("responses").items():
        try:
            script[question] = read_response(response)
        except ValueError as error:
            reader.fault(f"responses.{question}", str(error))
    reader.finish()
    return MockLLMAdapter(script, knowledge=binding.knowledge)


def read_response(response: JSON) -> str | LLMAnswer:
    """One value of ``responses``. Raises ``ValueError`` saying what it must be."""
    if isinstance(response, str):
        return response
    if not isinstance(response, dict) or set(response) - {"outcome", "text", "tokens"}:
        raise ValueError("must be a text or a mapping of outcome, text and tokens")
    outcome, text, tokens = response.get("outcome", "answered"), response.get("text", ""), response.get("tokens", 0)
    outcomes = {item.value: item for item in AnswerOutcome}
    if not isinstance(outcome, str) or outcome not in outcomes:
        raise ValueError(f"outcome must be one of {', '.join(outcomes)}")
    if not isinstance(text, str):
        raise ValueError("'text' must be a text")  # noqa: TRY004 - a fault of the document
    if isinstance(tokens, bool) or not isinstance(tokens, int) or tokens < 0:
        raise ValueError("'tokens' must be a whole number from 0")
    return LLMAnswer(outcomes[outcome], text, tokens)

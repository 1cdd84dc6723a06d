"""``ModelLLM``: from a question to a verified answer, whoever's model it is.

A provider only completes a prompt. What is asked, what is believed and what becomes of everything else
is decided here, once.
"""

from __future__ import annotations

import json
import logging
from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from connectors.llm.model_settings import ModelSettings
from connectors.llm.port import AnswerOutcome, LLMAnswer, LLMConnector, TokenUsage
from connectors.llm.prompt import MAX_QUESTION, Prompt, build_prompt
from connectors.llm.verification import Knowledge, ProposalError, Ruling, read_knowledge, read_proposal, verify

logger = logging.getLogger(__name__)

MAX_OUTPUT_CHARACTERS = 20_000
"""Of the JSON that is decoded. Four times what the longest allowed answer with its quotes takes."""

CHARACTERS_A_TOKEN = 2
"""Fewer than any tokeniser in use makes of Spanish or English prose (2.7 and up): a reservation is an upper bound."""


class Ending(StrEnum):
    """Why a model stopped."""

    COMPLETE = "complete"
    TRUNCATED = "truncated"
    REFUSAL = "refusal"
    UNKNOWN = "unknown_ending"


@dataclass(frozen=True, slots=True)
class Completion:
    """What a provider returned: ``text`` should be the JSON asked for."""

    text: str
    ending: Ending
    usage: TokenUsage


class ModelLLM(LLMConnector):
    """The part of an answer engine that does not depend on the provider."""

    def __init__(self, settings: ModelSettings, *, knowledge: str = "") -> None:
        self.knowledge = knowledge
        self._settings = settings
        self._read: tuple[str, Knowledge] = ("", read_knowledge(""))

    @abstractmethod
    async def complete(self, prompt: Prompt) -> Completion:
        """Ask the model once. Raises ``ConnectorError``."""

    async def answer(
        self,
        question: str,
        *,
        knowledge: str,
        language: str,
        context: Sequence[str] = (),
        idempotency_key: str = "",
    ) -> LLMAnswer:
        document = self._document(knowledge)
        if not document.blocks or not question.strip() or len(question) > MAX_QUESTION:
            return LLMAnswer(AnswerOutcome.OUT_OF_SCOPE, reason="not_asked")
        earlier = self._earlier(context)
        completion = await self.complete(build_prompt(document, question=question, language=language, context=earlier))
        return self._judged(completion, document, question, language)

    def cost(self, usage: TokenUsage) -> tuple[Decimal, str] | None:
        price = self._settings.known_price
        return None if price is None else (price.cost(usage), price.currency)

    def most_tokens(self, question: str, *, knowledge: str, context: Sequence[str] = ()) -> int:
        prompt = build_prompt(self._document(knowledge), question=question, language="", context=self._earlier(context))
        characters = len(prompt.instructions) + len(prompt.knowledge) + len(prompt.question)
        return characters // CHARACTERS_A_TOKEN + self._settings.max_output_tokens

    def _earlier(self, context: Sequence[str]) -> list[str]:
        wanted = self._settings.context_messages
        return list(context)[-wanted:] if wanted else []

    def _document(self, markdown: str) -> Knowledge:
        """The document read; the last one is kept, and a release has only one."""
        if self._read[0] != markdown:
            self._read = (markdown, read_knowledge(markdown))
        return self._read[1]

    def _judged(self, completion: Completion, document: Knowledge, question: str, language: str) -> LLMAnswer:
        usage = completion.usage

        def without_text(outcome: AnswerOutcome, reason: str) -> LLMAnswer:
            return LLMAnswer(outcome, "", usage.total, usage, reason)

        if completion.ending is Ending.REFUSAL:
            return without_text(AnswerOutcome.OUT_OF_SCOPE, completion.ending.value)
        if completion.ending is not Ending.COMPLETE:
            return without_text(AnswerOutcome.UNAVAILABLE, completion.ending.value)
        try:
            proposal = read_proposal(json.loads(completion.text[:MAX_OUTPUT_CHARACTERS]))
        except (ValueError, RecursionError) as error:
            shape = str(error) if isinstance(error, ProposalError) else "the output is not JSON"
            logger.warning("%s answered in another shape than asked for: %s", self._settings.model, shape)
            return without_text(AnswerOutcome.UNAVAILABLE, "malformed")
        verdict = verify(proposal, document, question=question, language=language, mode=self._settings.mode)
        reason = verdict.fault.value if verdict.fault is not None else verdict.ruling.value
        if verdict.ruling is Ruling.REFUSED:
            return without_text(AnswerOutcome.OUT_OF_SCOPE, reason)
        return LLMAnswer(AnswerOutcome.ANSWERED, verdict.text, usage.total, usage, reason)

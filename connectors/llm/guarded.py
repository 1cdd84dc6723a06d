"""``GuardedLLM``: an answer engine behind its pipeline, whose failures are an outcome."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from connectors.errors import ConnectorError
from connectors.kernel.pipeline import Pipeline
from connectors.llm.port import AnswerOutcome, LLMAnswer, LLMConnector, TokenUsage
from connectors.operation import Access


class GuardedLLM(LLMConnector):
    """What the registry hands out as ``llm``. ``answer`` never raises a ``ConnectorError``."""

    def __init__(self, inner: LLMConnector, pipeline: Pipeline) -> None:
        self._inner = inner
        self._pipeline = pipeline
        self.category = inner.category
        self.knowledge = inner.knowledge

    async def answer(
        self,
        question: str,
        *,
        knowledge: str,
        language: str,
        context: Sequence[str] = (),
        idempotency_key: str = "",
    ) -> LLMAnswer:
        async def ask() -> LLMAnswer:
            return await self._inner.answer(
                question, knowledge=knowledge, language=language, context=context, idempotency_key=idempotency_key
            )

        try:
            return await self._pipeline.run("answer", Access.READS, idempotency_key, ask)
        except ConnectorError:
            # The pipeline has logged and counted it; the customer hears the tenant's sentence.
            return LLMAnswer(AnswerOutcome.UNAVAILABLE)

    def cost(self, usage: TokenUsage) -> tuple[Decimal, str] | None:
        return self._inner.cost(usage)

    def most_tokens(self, question: str, *, knowledge: str, context: Sequence[str] = ()) -> int:
        return self._inner.most_tokens(question, knowledge=knowledge, context=context)

    async def close(self) -> None:
        await self._inner.close()

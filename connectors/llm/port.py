"""``LLMConnector``: answers one free question from the knowledge document.

An answer is only text. It moves no conversation, calls no connector and changes no data; whoever
asks decides what to do with it.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from connectors.errors import RejectedError
from connectors.operation import Access, Operation, Parameter, ParameterKind, declare
from connectors.plain_json import JSON
from connectors.port import ConnectorCall, ConnectorPort


class AnswerOutcome(StrEnum):
    """How a question ended."""

    ANSWERED = "answered"
    """``text`` answers it from the document"""
    OUT_OF_SCOPE = "out_of_scope"
    """the document does not say"""
    UNAVAILABLE = "unavailable"
    """nobody could be asked"""


@dataclass(frozen=True, slots=True)
class TokenUsage:
    """Tokens by what they cost: read afresh, written to the provider's cache, read from it, and written out."""

    fresh_input: int = 0
    cache_write: int = 0
    cache_read: int = 0
    output: int = 0

    @property
    def total(self) -> int:
        return self.fresh_input + self.cache_write + self.cache_read + self.output


@dataclass(frozen=True, slots=True)
class LLMAnswer:
    """``text`` counts only when ``outcome`` is ``answered``. ``tokens`` is what the question cost.

    ``usage`` splits the tokens where the provider does. ``reason`` is one word of ours on how the answer
    was come by or why there is none (``verified``, ``quoted``, ``refusal``, a fault of the verifier).
    """

    outcome: AnswerOutcome
    text: str = ""
    tokens: int = 0
    usage: TokenUsage | None = None
    reason: str = ""


OPERATIONS = declare(
    Operation(
        "answer",
        Access.READS,
        "Answer a question from the knowledge document.",
        (Parameter("question", ParameterKind.TEXT, "what the customer asked"),),
        result={"outcome": "answered", "text": "We are open from ten to two."},
    )
)


class LLMConnector(ConnectorPort):
    """The port. ``knowledge`` is the tenant's document; ``answer`` may be given another."""

    category: str = "llm"
    knowledge: str = ""
    _operations: ClassVar[Mapping[str, Operation]] = OPERATIONS

    @property
    def operations(self) -> Mapping[str, Operation]:
        return self._operations

    @abstractmethod
    async def answer(
        self,
        question: str,
        *,
        knowledge: str,
        language: str,
        context: Sequence[str] = (),
        idempotency_key: str = "",
    ) -> LLMAnswer:
        """Answer ``question`` from ``knowledge`` (markdown) in ``language`` (BCP 47).

        ``context`` holds the last texts of the conversation, oldest first.
        Behind the registry this never raises: what fails ends as ``unavailable``.
        """

    def cost(self, usage: TokenUsage) -> tuple[Decimal, str] | None:
        """What ``usage`` costs, and in which currency; ``None`` where no price is known."""
        return None

    def most_tokens(self, question: str, *, knowledge: str, context: Sequence[str] = ()) -> int:
        """The most that answering can cost, for a reservation; 0 when it costs nothing worth reserving."""
        return 0

    async def invoke(self, call: ConnectorCall) -> JSON:
        """The same as an operation of a flow, from the tenant's own document."""
        question = self.operation(call.operation).check(call.params)["question"]
        if not isinstance(question, str):
            raise RejectedError("answer: parameter 'question' must be a text")
        answer = await self.answer(
            question, knowledge=self.knowledge, language=call.language, idempotency_key=call.idempotency_key
        )
        return {"outcome": answer.outcome.value, "text": answer.text}

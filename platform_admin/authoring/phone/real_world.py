"""The business's own connections, asked from a chat that is tried out, and never told anything.

A calendar is asked what is free, another service what it knows, the language model what a customer would be answered.
What would change something stays in the sandbox, and so does what is known of customers. A chat is played anew at
every tap; so each answer is remembered for the chat, and nobody is asked the same twice.
"""

from __future__ import annotations

import hashlib
import json
from asyncio import Runner
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Protocol

from connectors.errors import ConnectorError
from connectors.operation import Access
from connectors.port import ConnectorCall
from connectors.registry import ConnectorRegistry
from flow_engine.cases.world import Answered, Failed, Reply
from flow_engine.effects import AskLLM
from flow_engine.vocabulary import JSON, AnswerOutcome, FailureKind

_OF_CUSTOMERS: Final = frozenset({("calendar", "list_appointments"), ("calendar", "list_day_appointments")})
"""Reads that would show who comes when. The chat's own customer has appointments in the sandbox alone."""

_OF_THE_SANDBOX: Final = "moving"
"""A parameter that names an appointment of the sandbox, which the real calendar has never heard of."""


class Memory(Protocol):
    """Where answers are remembered, by a key without meaning. It may forget: then they are asked for again."""

    def get(self, key: str) -> JSON: ...

    def set(self, key: str, value: JSON) -> None: ...


@dataclass(frozen=True, slots=True)
class Trouble:
    """A connection that gave no answer."""

    category: str
    kind: FailureKind


class RealWorld:
    """``categories`` are asked for real; ``build`` opens them, when the first question is one that nobody remembers."""

    def __init__(
        self, chat: str, categories: tuple[str, ...], build: Callable[[], ConnectorRegistry], memory: Memory
    ) -> None:
        self.troubles: list[Trouble] = []
        self._chat = chat
        self._categories = categories
        self._build = build
        self._memory = memory
        self._registry: ConnectorRegistry | None = None

    def call(self, runner: Runner, category: str, call: ConnectorCall) -> Reply | None:
        """What the connection answers; ``None`` for what is not its to answer. It is opened outside of the loop."""
        if category not in self._categories or (category, call.operation) in _OF_CUSTOMERS:
            return None
        key = self._key(category, call.operation, dict(call.params), call.idempotency_key)
        known = self._memory.get(key)
        if isinstance(known, dict):
            return self._told(category, known)
        registry = self._opened()
        try:
            if registry.connector(category).operation(call.operation).access is not Access.READS:
                return None
            params = {name: value for name, value in call.params.items() if name != _OF_THE_SANDBOX}
            asked = replace(call, params=params, idempotency_key=key)
            found: dict[str, JSON] = {"answer": runner.run(registry.invoke(category, asked))}
        except ConnectorError as error:
            found = {"failed": error.kind.value}
        self._memory.set(key, found)
        return self._told(category, found)

    def ask(self, runner: Runner, question: AskLLM, knowledge: str) -> tuple[AnswerOutcome, str] | None:
        """As ``call``, for the language model."""
        llm = self._opened().llm if "llm" in self._categories else None
        if llm is None:
            return None
        key = self._key("llm", question.question, {"language": question.language, "from": knowledge}, question.id)
        known = self._memory.get(key)
        if not isinstance(known, dict):
            answer = runner.run(
                llm.answer(question.question, knowledge=knowledge, language=question.language, idempotency_key=key)
            )
            known = {"outcome": answer.outcome.value, "text": answer.text}
            self._memory.set(key, known)
        return AnswerOutcome(str(known["outcome"])), str(known["text"])

    def close(self, runner: Runner) -> None:
        if self._registry is not None:
            runner.run(self._registry.close())

    def _told(self, category: str, found: dict[str, JSON]) -> Reply:
        if "failed" not in found:
            return Answered(found.get("answer"))
        kind = FailureKind(str(found["failed"]))
        self.troubles.append(Trouble(category, kind))
        return Failed(kind)

    def _opened(self) -> ConnectorRegistry:
        if self._registry is None:
            self._registry = self._build()
        return self._registry

    def _key(self, *parts: JSON) -> str:
        return hashlib.sha256(json.dumps([self._chat, *parts], sort_keys=True).encode()).hexdigest()

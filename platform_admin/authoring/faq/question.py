"""``try_question``: what a customer would be told, and why."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from connectors.registry import ConnectorRegistry
from flow_engine.vocabulary import JSONObject


@dataclass(frozen=True, slots=True)
class Tried:
    """``answered`` with the words, or not with the reason (one word of the connectors', translated by the page)."""

    answered: bool
    text: str
    reason: str

    def as_json(self) -> JSONObject:
        return {"answered": self.answered, "text": self.text, "reason": self.reason}


def try_question(question: str, *, markdown: str, language: str) -> Tried:
    """Ask the sandbox's engine: it quotes the document and passes the same verifier as every answer in production."""
    return asyncio.run(_ask(question, markdown, language))


async def _ask(question: str, markdown: str, language: str) -> Tried:
    registry = ConnectorRegistry.from_config({"llm": {"type": "mock_llm"}}, knowledge=markdown, observers=())
    try:
        llm = registry.llm
        if llm is None:
            return Tried(answered=False, text="", reason="unavailable")
        answer = await llm.answer(question, knowledge=markdown, language=language)
    finally:
        await registry.close()
    answered = answer.outcome.value == "answered"
    return Tried(answered, answer.text if answered else "", answer.reason or answer.outcome.value)

"""What only one of the two providers does."""

from __future__ import annotations

import pytest

from connectors.kernel.egress.policy import THIS_MACHINE
from connectors.llm import AnswerOutcome, LLMAnswer, LLMConnector
from connectors.llm.verification import read_knowledge
from connectors.registry import ConnectorRegistry
from tests.connectors.llm.engines import KNOWLEDGE, PROVIDERS, engine
from tests.fakes.messages_api import FakeMessagesAPI, Reply
from tests.fakes.messages_api_openai import FakeChatCompletions

BLOCK = next(block.number for block in read_knowledge(KNOWLEDGE).blocks if "Corte: 18" in block.text)
GOOD = {
    "answerable": True,
    "answer": "El corte cuesta 18 €.",
    "quotes": [{"block": BLOCK, "quote": "Corte: 18 € (dura unos 30 minutos, lavado incluido)."}],
}


async def ask(llm: LLMConnector, question: str) -> LLMAnswer:
    return await llm.answer(question, knowledge=KNOWLEDGE, language="es")


async def test_thinking_before_the_answer_is_passed_over() -> None:
    async with engine("anthropic") as at:
        at.fake.script(Reply(GOOD, thinking_first=True))
        assert (await ask(at.llm, "¿Cuánto cuesta un corte?")).text == "El corte cuesta 18 €."


async def test_the_knowledge_is_cached_by_the_provider() -> None:
    async with engine("anthropic", cache_ttl="1h") as at:
        assert isinstance(at.fake, FakeMessagesAPI)
        first, second = await ask(at.llm, "¿Cuánto cuesta un corte?"), await ask(at.llm, "¿Abrís hoy?")
        body, headers = at.fake.requests[0], at.fake.headers[0]
    assert first.usage is not None
    assert second.usage is not None
    assert first.usage.cache_write > 500
    assert (second.usage.cache_write, second.usage.cache_read) == (0, first.usage.cache_write)
    assert [item.get("cache_control") for item in body["system"]] == [None, {"type": "ephemeral", "ttl": "1h"}]
    assert body["thinking"] == {"type": "disabled"}
    assert body["output_config"]["format"]["type"] == "json_schema"
    assert set(body) == {"model", "max_tokens", "system", "messages", "thinking", "output_config"}
    assert headers["accept-encoding"] == "identity"


async def test_a_server_without_keys_is_sent_none() -> None:
    async with FakeChatCompletions() as open_server:
        block = {"type": "openai_compatible", "base_url": open_server.url, "model": "small-1"}
        registry = ConnectorRegistry.from_config({"llm": block}, egress=THIS_MACHINE)
        assert registry.llm is not None
        assert (await ask(registry.llm, "¿Abrís hoy?")).outcome is AnswerOutcome.OUT_OF_SCOPE
        assert "authorization" not in open_server.headers[0]
        await registry.close()


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_what_is_reserved_is_more_than_what_a_question_costs(provider: str) -> None:
    async with engine(provider) as at:
        question = "¿Cuánto cuesta un corte?"
        reserved = at.llm.most_tokens(question, knowledge=KNOWLEDGE)
        at.fake.script(Reply(GOOD))
        spent = (await ask(at.llm, question)).tokens
    assert spent < reserved < 10 * spent

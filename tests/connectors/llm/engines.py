"""Both providers with a model, each before its fake, through the registry as a tenant has them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from connectors.kernel.egress.policy import THIS_MACHINE
from connectors.kernel.pipeline import CallReport
from connectors.llm import LLMConnector
from connectors.registry import ConnectorRegistry
from tests.connectors.llm.answers import markdown_of
from tests.fakes.messages_api import FakeMessagesAPI
from tests.fakes.messages_api_openai import FakeChatCompletions

KEY = "sk-test-0123456789abcdef"
PROVIDERS = ("anthropic", "openai_compatible")
KNOWLEDGE = markdown_of("peluqueria")


@dataclass
class Engine:
    """``reports`` are the pipeline's, one a question."""

    llm: LLMConnector
    fake: FakeMessagesAPI | FakeChatCompletions
    registry: ConnectorRegistry
    reports: list[CallReport]


@asynccontextmanager
async def engine(provider: str, *, key: str = KEY, **block: Any) -> AsyncIterator[Engine]:
    """``block`` are further keys of the tenant's configuration."""
    kind: type[FakeMessagesAPI | FakeChatCompletions] = (
        FakeMessagesAPI if provider == "anthropic" else FakeChatCompletions
    )
    async with kind(api_key=KEY) as fake:
        reports: list[CallReport] = []
        options = {"type": provider, "api_key": key, "base_url": fake.url, "model": "small-1", **block}
        registry = ConnectorRegistry.from_config(
            {"llm": options}, knowledge=KNOWLEDGE, egress=THIS_MACHINE, observers=(reports.append,)
        )
        try:
            assert registry.llm is not None
            yield Engine(registry.llm, fake, registry, reports)
        finally:
            await registry.close()


def system_text(fake: FakeMessagesAPI | FakeChatCompletions, index: int = -1) -> str:
    body = fake.requests[index]
    if isinstance(fake, FakeMessagesAPI):
        return "".join(item["text"] for item in body["system"])
    return str(body["messages"][0]["content"])


def user_text(fake: FakeMessagesAPI | FakeChatCompletions, index: int = -1) -> str:
    return str(fake.requests[index]["messages"][-1]["content"])

"""What a month costs: exact to the last digit, by what was done with each token."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.llm.port import TokenUsage
from connectors.llm.prices import KNOWN_PRICES, read_price
from connectors.llm.usage import added
from connectors.plain_json import JSON
from connectors.registry import ConnectorRegistry

HAIKU = KNOWN_PRICES["claude-haiku-5-5"]

_COSTS = {
    "nothing": (TokenUsage(), "0"),
    "a question with the document written": (TokenUsage(60, 5_000, 0, 120), "0.000691"),
    "the next one, read from the cache": (TokenUsage(60, 0, 5_000, 120), "0.000116"),
    "a million of each": (TokenUsage(10**6, 10**6, 10**6, 10**6), "0.735"),
}


@pytest.mark.parametrize(("usage", "cost"), _COSTS.values(), ids=_COSTS)
def test_a_cost_is_exact(usage: TokenUsage, cost: str) -> None:
    assert HAIKU.cost(usage) == Decimal(cost)


tokens = st.builds(TokenUsage, *[st.integers(0, 10**9)] * 4)


@given(tokens, tokens)
def test_two_questions_cost_what_each_costs(one: TokenUsage, other: TokenUsage) -> None:
    assert HAIKU.cost(added(one, other)) == HAIKU.cost(one) + HAIKU.cost(other)


def test_a_price_without_a_cache_reads_and_writes_it_as_input() -> None:
    price = read_price({"input": 0.3, "output": 1, "currency": "EUR"})
    assert price.cost(TokenUsage(0, 10**6, 10**6, 0)) == Decimal("0.6")


_BAD: dict[str, JSON] = {
    "no mapping": 3,
    "no currency": {"input": 1, "output": 1},
    "a currency in words": {"input": 1, "output": 1, "currency": "euros"},
    "no output": {"input": 1, "currency": "EUR"},
    "a negative price": {"input": -1, "output": 1, "currency": "EUR"},
    "a price in words": {"input": "1", "output": 1, "currency": "EUR"},
    "another key": {"input": 1, "output": 1, "currency": "EUR", "thinking": 1},
}


@pytest.mark.parametrize("value", _BAD.values(), ids=_BAD)
def test_a_price_that_is_none_is_refused(value: JSON) -> None:
    with pytest.raises(ValueError, match=r"must be"):
        read_price(value)


_MODELS: dict[str, tuple[dict[str, JSON], str | None]] = {
    "a known model": ({"model": "claude-haiku-5-5"}, "USD"),
    "a known model by its date": ({"model": "claude-haiku-4-5-20251001"}, "USD"),
    "an unknown one": ({"model": "qwen3-14b"}, None),
    "an unknown one with a price": (
        {"model": "qwen3-14b", "price": {"input": 0, "output": 0, "currency": "EUR"}},
        "EUR",
    ),
}


@pytest.mark.parametrize(("block", "currency"), _MODELS.values(), ids=_MODELS)
async def test_a_model_has_the_price_that_is_known_of_it(block: dict[str, JSON], currency: str | None) -> None:
    registry = ConnectorRegistry.from_config({"llm": {"type": "anthropic", "api_key": "sk-test-000000", **block}})
    assert registry.llm is not None
    found = registry.llm.cost(TokenUsage(output=1))
    assert (found and found[1]) == currency
    await registry.close()

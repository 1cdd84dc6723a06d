"""What tokens cost: a price table, and a month's sum from it. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from connectors.llm.port import TokenUsage
from connectors.plain_json import JSON, JSONObject

PER: Final = 1_000_000
"""Prices are for a million tokens, as providers print them."""

_CURRENCY = re.compile(r"[A-Z]{3}")
_KINDS = ("input", "output", "cache_write", "cache_read")


@dataclass(frozen=True, slots=True)
class Price:
    """Of a million tokens, by what is done with them, in ``currency`` (ISO 4217)."""

    input: Decimal
    output: Decimal
    cache_write: Decimal
    cache_read: Decimal
    currency: str

    def cost(self, usage: TokenUsage) -> Decimal:
        """What ``usage`` costs, exactly."""
        return (
            self.input * usage.fresh_input
            + self.output * usage.output
            + self.cache_write * usage.cache_write
            + self.cache_read * usage.cache_read
        ) / PER


def _usd(fresh: str, output: str, write: str, read: str) -> Price:
    return Price(Decimal(fresh), Decimal(output), Decimal(write), Decimal(read), "USD")


KNOWN_PRICES: Final[Mapping[str, Price]] = {
    # Up to 100,000 tokens of prompt, which a business's knowledge never has; cache kept five minutes.
    "claude-haiku-5-5": _usd("0.10", "0.50", "0.125", "0.01"),
    "claude-haiku-4-5": _usd("1", "5", "1.25", "0.10"),
}
"""List prices of November 2026. A tenant that pays another sets ``price``."""

PRICE_SCHEMA: Final[JSONObject] = {
    "type": "object",
    "properties": {
        **{kind: {"type": "number", "minimum": 0} for kind in _KINDS},
        "currency": {"type": "string", "pattern": "^[A-Z]{3}$"},
    },
    "required": ["input", "output", "currency"],
    "additionalProperties": False,
}


def read_price(value: JSON) -> Price:
    """A price as configured; what a cache costs is the input's price unless it is said. Raises ``ValueError``."""
    if not isinstance(value, dict) or set(value) - {*_KINDS, "currency"}:
        raise ValueError("must be a mapping of input, output, cache_write, cache_read and currency")
    currency = value.get("currency")
    if not isinstance(currency, str) or not _CURRENCY.fullmatch(currency):
        raise ValueError("currency must be three letters like EUR")
    amounts: dict[str, Decimal] = {}
    for kind in _KINDS:
        amount = value.get(kind, value.get("input") if kind.startswith("cache") else None)
        if isinstance(amount, bool) or not isinstance(amount, int | float) or not 0 <= amount <= PER:
            raise ValueError(f"{kind} must be the price of a million tokens")
        amounts[kind] = Decimal(str(amount))
    return Price(**amounts, currency=currency)

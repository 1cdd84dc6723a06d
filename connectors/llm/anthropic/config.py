"""The ``connectors.llm`` block of type ``anthropic``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from connectors.kernel.config_reader import ConfigReader
from connectors.llm.model_settings import ModelSettings, read_model_settings
from connectors.plain_json import JSON

DEFAULT_MODEL = "claude-haiku-5-5"
"""The newest of the small, fast and cheap class (released 2026-10-07)."""

DEFAULT_BASE_URL = "https://api.anthropic.com"

type CacheTTL = Literal["5m", "1h"]


@dataclass(frozen=True, slots=True)
class AnthropicSettings:
    """``cache_ttl`` is how long the provider keeps the knowledge.

    Writing costs 1.25 times the price of reading for five minutes and twice for an hour; a read costs a tenth.
    An hour pays from two questions an hour that are more than five minutes apart.
    """

    shared: ModelSettings
    cache_ttl: CacheTTL = "5m"


def read_settings(options: Mapping[str, JSON], path: str) -> AnthropicSettings:
    """Read a block. Raises ``ConnectorConfigError`` with every fault and its path."""
    reader = ConfigReader(options, path)
    shared = read_model_settings(reader, model=DEFAULT_MODEL, base_url=DEFAULT_BASE_URL, needs_key=True)
    settings = AnthropicSettings(shared, reader.take_parsed("cache_ttl", _cache_ttl, "5m"))
    reader.finish()
    return settings


def _cache_ttl(value: JSON) -> CacheTTL:
    if value == "5m":
        return "5m"
    if value == "1h":
        return "1h"
    raise ValueError("must be 5m or 1h")

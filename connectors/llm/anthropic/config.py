"""The ``connectors.llm`` block of type ``anthropic``."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Annotated

from connectors.kernel.option_kinds import Choice, HttpsAddress, Secret
from connectors.kernel.options import option
from connectors.llm.model_settings import MODEL, ModelSettings
from connectors.words import Words

DEFAULT_MODEL = "claude-haiku-5-5"
"""The newest of the small, fast and cheap class (released 2026-10-07)."""

DEFAULT_BASE_URL = "https://api.anthropic.com"


class CacheTTL(StrEnum):
    """How long the provider keeps the knowledge document for the next question."""

    FIVE_MINUTES = "5m"
    ONE_HOUR = "1h"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnthropicSettings(ModelSettings):
    """``cache_ttl`` is how long the provider keeps the knowledge.

    Writing costs 1.25 times the price of reading for five minutes and twice for an hour; a read costs a tenth.
    An hour pays from two questions an hour that are more than five minutes apart.
    """

    model: Annotated[str, option(MODEL, Words("Model", "Modelo"))] = DEFAULT_MODEL
    base_url: Annotated[str, option(HttpsAddress(), Words("Address", "Dirección"))] = DEFAULT_BASE_URL
    api_key: Annotated[str, option(Secret(), Words("Key", "Clave"))] = field(repr=False)
    cache_ttl: Annotated[
        CacheTTL, option(Choice(CacheTTL), Words("Knowledge stays in the cache", "El documento queda en caché"))
    ] = CacheTTL.FIVE_MINUTES

"""One small, sound bundle payload and the keys around it, for every test of this folder."""

from __future__ import annotations

from typing import Final

from flow_engine.bundle.signing import SigningKey
from flow_engine.vocabulary import JSONObject

OURS: Final = SigningKey.from_seed(b"our signing key, pinned by all!!")
NEXT: Final = SigningKey.from_seed(b"the next signing key, pinned too")
STRANGER: Final = SigningKey.from_seed(b"a key that nobody has pinned ...")

TENANT: Final = "luna"


def payload(**changes: object) -> JSONObject:
    """A fresh payload of format 1; ``changes`` replace whole top-level fields."""
    fields: JSONObject = {
        "format": 1,
        "tenant": TENANT,
        "serial": 7,
        "created": "2026-03-01T09:30:00+00:00",
        "program": {"id": "main", "states": {"MENU": {"on_enter": [{"action": "send_text", "text": "¡Hola! 👋"}]}}},
        "knowledge": {"version": "v3", "markdown": "# Luna\n\nAbrimos a las 10:00.\n"},
        "settings": {"timezone": "Europe/Madrid", "language": "es", "sentences": {}, "business": {"name": "Luna"}},
        "channels": [{"type": "whatsapp", "phone_number_id": "1234567890"}],
        "connectors": {"calendar": {"type": "mock_calendar", "slot_minutes": 30}},
        "llm": {"enabled": True, "provider": "mock_llm", "knowledge_version": "v3", "quota_monthly_tokens": 500000},
        "secrets": {"channels.0.access_token": "gAAAAA-not-a-real-token"},
    }
    return {**fields, **changes}  # type: ignore[dict-item] # tests hand in wrong shapes on purpose

"""Comparing what was found in a body with what a table says: the listed keys exactly, the counts always."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from flow_engine.messages import InternalMessage
from runtime.channels.whatsapp.inbound import ParsedWebhook, UnreadableBody, parse_webhook

NUMBER: Final = "106540352242922"
RECEIVED_AT: Final = datetime(2026, 1, 1, 12, tzinfo=UTC)

type Expected = dict[str, Any]


def parse(body: bytes, number: str = NUMBER) -> ParsedWebhook | UnreadableBody:
    return parse_webhook(body, channel_of={number: f"whatsapp:{number}"}.get, received_at=RECEIVED_AT)


def parsed(body: bytes, number: str = NUMBER) -> ParsedWebhook:
    found = parse(body, number)
    assert isinstance(found, ParsedWebhook)
    return found


def messages(body: bytes) -> list[InternalMessage]:
    return [envelope.message for envelope in parsed(body).messages]


def assert_found(found: ParsedWebhook, expected: Expected) -> None:
    for kind in ("messages", "statuses", "notices"):
        items: Sequence[Any] = getattr(found, kind)
        if kind == "messages":
            items = [envelope.message for envelope in found.messages]
        wanted: Sequence[Expected] = expected.get(kind, [])
        assert [_seen(item, keys) for item, keys in zip(items, wanted, strict=False)] == list(wanted)
        assert len(items) == len(wanted), f"{kind}: {items}"


def _seen(item: Any, expected: Expected) -> Expected:
    """``item`` in the words of ``expected``: the same keys, so that a difference shows side by side."""
    return {key: _value(item, key, wanted) for key, wanted in expected.items()}


def _value(item: Any, key: str, wanted: Any) -> Any:
    match key:
        case "text_starts":
            return item.text[: len(wanted)]
        case "content_keys":
            return sorted(item.content)
        case "message" if wanted is not None:
            return _seen(item.message, wanted)
        case "content" | "detail":
            return dict(getattr(item, key))
        case "sent_at" | "at":
            return getattr(item, key).isoformat()
        case _:
            return getattr(item, key)

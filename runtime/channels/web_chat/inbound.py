"""From the body of ``POST /widget/messages`` to an ``InternalMessage``. Pure: time and the visitor are handed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from flow_engine.messages import InternalMessage
from flow_engine.vocabulary import JSON, MessageType
from runtime.channels.reading import as_number
from runtime.channels.web_chat.limits import MESSAGE_ID_CHARS, PAYLOAD_CHARS, TEXT_CHARS

_LATITUDE: Final = 90.0
_LONGITUDE: Final = 180.0
_TAPS: Final[Mapping[str, MessageType]] = {"button": MessageType.BUTTON, "list": MessageType.LIST}
_KEYS: Final = frozenset({"id", "type", "text", "payload", "latitude", "longitude"})


class NotAMessageError(ValueError):
    """The body is none of the four kinds. The message names the field and never repeats its value."""


def read_message(body: JSON, *, contact_id: str, now: datetime) -> InternalMessage:
    """The message in ``{id, type: text | button | list | location | welcome, …}``.

    ``id`` is the widget's and makes a repeated request the same message. Raises ``NotAMessageError``.
    """
    if not isinstance(body, dict) or not _KEYS.issuperset(body):
        raise NotAMessageError(f"the body must be an object of {', '.join(sorted(_KEYS))}")
    said = InternalMessage(
        id=f"{contact_id}:{_text(body, 'id', MESSAGE_ID_CHARS)}",
        contact_id=contact_id,
        type=MessageType.TEXT,
        sent_at=now,
    )
    match body.get("type"):
        case "text":
            return replace(said, text=_text(body, "text", TEXT_CHARS))
        case "button" | "list" as tap:
            title, payload = _text(body, "text", TEXT_CHARS), _text(body, "payload", PAYLOAD_CHARS)
            return replace(said, type=_TAPS[tap], text=title, payload=payload)
        case "location":
            return replace(said, type=MessageType.LOCATION, content=_point(body))
        case "welcome":
            return replace(said, type=MessageType.WELCOME)
        case _:
            raise NotAMessageError("type must be text, button, list, location or welcome")


def _text(body: Mapping[str, JSON], key: str, most: int) -> str:
    value = body.get(key)
    text = value.replace("\x00", "") if isinstance(value, str) else ""  # SQL text ends there
    if not text.strip():
        raise NotAMessageError(f"{key} must be a text and not empty")
    if len(text) > most:
        raise NotAMessageError(f"{key} may have {most} characters")
    return text


def _point(body: Mapping[str, JSON]) -> dict[str, JSON]:
    latitude, longitude = as_number(body.get("latitude")), as_number(body.get("longitude"))
    if latitude is None or longitude is None or abs(latitude) > _LATITUDE or abs(longitude) > _LONGITUDE:
        raise NotAMessageError("latitude and longitude must be degrees")
    return {"latitude": latitude, "longitude": longitude}

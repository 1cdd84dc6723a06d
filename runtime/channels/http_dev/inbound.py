"""From the body of ``POST /inbound`` to an ``InternalMessage``. Pure: time and fresh ids are handed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flow_engine.messages import InternalMessage
from flow_engine.vocabulary import JSON, MessageType

CONTACT_ID_CHARS: Final = 64
"""A phone number has 15 digits, a UUID 36 characters; the rest is room."""
MESSAGE_ID_CHARS: Final = 128
TEXT_CHARS: Final = 4096
"""WhatsApp's own limit for a text, so that nothing works here that fails there."""
PAYLOAD_CHARS: Final = 256
"""The longest button id that WhatsApp accepts."""

_KEYS: Final = ("contact_id", "text", "payload", "type", "id")
_TAPS: Final = frozenset({MessageType.BUTTON, MessageType.LIST})


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one field. ``message`` never repeats the value."""

    field: str
    message: str


def read_inbound(body: JSON, *, fresh_id: str, now: datetime) -> InternalMessage | tuple[Problem, ...]:
    """The message in ``{contact_id, text | payload, type?, id?}``, or everything that is wrong with it.

    Without ``type``, a payload makes it a ``button`` and anything else a ``text``. Without ``id`` it gets
    ``fresh_id``. ``text`` beside a ``payload`` is the title of what was tapped.
    """
    if not isinstance(body, dict):
        return (Problem("", "the body must be a JSON object"),)
    reader = _Reader(body)
    contact_id = reader.text("contact_id", CONTACT_ID_CHARS, required=True, one_line=True)
    text = reader.text("text", TEXT_CHARS)
    payload = reader.text("payload", PAYLOAD_CHARS, one_line=True)
    message_id = reader.text("id", MESSAGE_ID_CHARS, one_line=True)
    kind = reader.kind(default=MessageType.BUTTON if payload is not None else MessageType.TEXT)
    reader.check_content(kind, text, payload)
    if reader.problems or contact_id is None:
        return tuple(reader.problems)
    return InternalMessage(
        id=message_id or fresh_id,
        contact_id=contact_id,
        type=kind,
        sent_at=now,
        text=text or "",
        payload=payload,
    )


class _Reader:
    def __init__(self, body: dict[str, JSON]) -> None:
        self._body = body
        self.problems = [
            Problem(_printable(key), f"unknown key; known are {', '.join(_KEYS)}") for key in body if key not in _KEYS
        ]

    def text(self, name: str, limit: int, *, required: bool = False, one_line: bool = False) -> str | None:
        value = self._body.get(name)
        if isinstance(value, str) and value.strip():
            if len(value) > limit:
                self._fault(name, f"has {len(value)} characters, {limit} are allowed")
            elif one_line and not value.isprintable():
                self._fault(name, "must not hold control characters")
            return value
        if value is not None:
            self._fault(name, "must not be empty" if isinstance(value, str) else "must be a text")
        elif required:
            self._fault(name, "is required")
        return None

    def kind(self, default: MessageType) -> MessageType:
        value = self._body.get("type")
        if value is None:
            return default
        try:
            return MessageType(value)  # type: ignore[arg-type] # the constructor looks the value up and says no
        except ValueError:
            self._fault("type", f"must be one of {', '.join(MessageType)}")
            return default

    def check_content(self, kind: MessageType, text: str | None, payload: str | None) -> None:
        if self.problems:
            return
        if kind in _TAPS and payload is None:
            self._fault("payload", f"is required for type {kind}")
        elif kind not in _TAPS and payload is not None:
            self._fault("payload", f"goes with type button or list, not with {kind}")
        elif kind is MessageType.TEXT and text is None:
            self._fault("text", "is required unless there is a payload")

    def _fault(self, name: str, message: str) -> None:
        self.problems.append(Problem(name, message))


def _printable(key: str) -> str:
    return key if key.isidentifier() and len(key) <= CONTACT_ID_CHARS else "?"

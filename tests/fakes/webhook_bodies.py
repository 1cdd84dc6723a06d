"""Webhook bodies in the form Meta sends them, built from a few words."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

type Object = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes, and to which number."""

    phone_number_id: str = "106540352242922"
    phone: str = "34600111222"
    name: str = "Lucía Gómez"
    user_id: str | None = None


def new_message_id() -> str:
    return f"wamid.{uuid.uuid4().hex.upper()}"


def text(writer: Writer, words: str, *, message_id: str | None = None, at: int | None = None) -> Object:
    return message(writer, {"type": "text", "text": {"body": words}}, message_id=message_id, at=at)


def tap(
    writer: Writer, kind: str, payload: str, title: str, *, message_id: str | None = None, at: int | None = None
) -> Object:
    """``kind`` is ``button_reply`` or ``list_reply``."""
    reply = {"type": kind, kind: {"id": payload, "title": title}}
    return message(writer, {"type": "interactive", "interactive": reply}, message_id=message_id, at=at)


def message(writer: Writer, content: Object, *, message_id: str | None = None, at: int | None = None) -> Object:
    """A value with one message; ``content`` holds its type and what belongs to the type."""
    contact: Object = {"profile": {"name": writer.name}, "wa_id": writer.phone}
    said: Object = {
        "from": writer.phone,
        "id": message_id or new_message_id(),
        "timestamp": str(int(time.time()) if at is None else at),
    }
    if writer.user_id:
        contact["user_id"] = said["from_user_id"] = writer.user_id
    return value(writer.phone_number_id, contacts=[contact], messages=[said | content])


def status(phone_number_id: str, message_id: str, state: str, recipient: str, **more: Any) -> Object:
    """A value with one delivery report."""
    report = {"id": message_id, "status": state, "timestamp": str(int(time.time())), "recipient_id": recipient}
    return value(phone_number_id, statuses=[report | more])


def value(phone_number_id: str, **parts: Any) -> Object:
    metadata = {"display_phone_number": "15550783881", "phone_number_id": phone_number_id}
    return {"messaging_product": "whatsapp", "metadata": metadata, **parts}


def envelope(*values: Object, field: str = "messages") -> Object:
    """One entry and one change per value."""
    entries = [{"id": "102290129340398", "changes": [{"value": item, "field": field}]} for item in values]
    return {"object": "whatsapp_business_account", "entry": entries}


def encode(body: Object) -> bytes:
    """Everything beyond ASCII escaped, as Meta does before it signs."""
    return json.dumps(body, ensure_ascii=True, separators=(",", ":")).encode("ascii")


def sign(body: bytes, app_secret: str) -> str:
    """The value of ``X-Hub-Signature-256``."""
    return "sha256=" + hmac.new(app_secret.encode(), body, hashlib.sha256).hexdigest()


def batch(values: Sequence[Object]) -> bytes:
    return encode(envelope(*values))

"""Webhook bodies as Meta publishes them, re-addressed to our test tenant.

The structure stays untouched; only ids, sender, text or payload, time stamps and the phone number id are
replaced. Where the folder of published bodies is absent, bodies written by hand stand in, so the line is
always tested.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
OUR_BODIES = Path(__file__).parent / "bodies"

PUBLISHED = {
    "text": "openapi_examples/webhook__text_message.json",
    "button_reply": "openapi_examples/webhook__interactive_button_reply_message.json",
    "list_reply": "openapi_examples/webhook__interactive_list_reply_message.json",
}
"""Which published body shows which kind of message, below ``$FRONTDESK_TEST_DATA/whatsapp``."""


@dataclass(frozen=True, slots=True)
class Sender:
    """A customer of the test tenant."""

    phone: str
    name: str
    phone_number_id: str


def published_body(kind: str) -> dict[str, Any]:
    """Read the published body of this kind, or ours where there is none."""
    data = Path(os.environ.get("FRONTDESK_TEST_DATA", ROOT.parent / "shared" / "data"))
    published = data / "whatsapp" / PUBLISHED[kind]
    path = published if published.is_file() else OUR_BODIES / f"{kind}.json"
    body: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return body


def text(sender: Sender, message_id: str, at: int, words: str) -> bytes:
    """A text message, as bytes ready to be signed. ``at`` in Unix seconds."""
    body = published_body("text")
    _message(body)["text"]["body"] = words
    return _addressed(body, sender, message_id, at)


def tap(sender: Sender, message_id: str, at: int, kind: str, payload: str, title: str) -> bytes:
    """A tap on a reply button (``button_reply``) or on a list row (``list_reply``)."""
    body = published_body(kind)
    reply = _message(body)["interactive"][kind]
    reply["id"], reply["title"] = payload, title
    return _addressed(body, sender, message_id, at)


def _message(body: dict[str, Any]) -> dict[str, Any]:
    message: dict[str, Any] = body["entry"][0]["changes"][0]["value"]["messages"][0]
    return message


def _addressed(body: dict[str, Any], sender: Sender, message_id: str, at: int) -> bytes:
    value = body["entry"][0]["changes"][0]["value"]
    value["metadata"]["phone_number_id"] = sender.phone_number_id
    value["contacts"][0]["wa_id"] = sender.phone
    value["contacts"][0]["profile"]["name"] = sender.name
    message = _message(body)
    message["from"], message["id"], message["timestamp"] = sender.phone, message_id, str(at)
    # Meta escapes everything beyond ASCII and signs exactly those bytes.
    return json.dumps(body, ensure_ascii=True).encode("ascii")

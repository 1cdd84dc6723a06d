"""What the Graph API would refuse, from Meta's send reference.

The numbers are written out once more on purpose: a limit that is wrong in the product must not be wrong
here in the same way. Lengths are code points.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from tests.fakes.graph import interactive, template
from tests.fakes.graph.checks import Object, keys, media, number, text

ENVELOPE_KEYS: Final = {
    "messaging_product",
    "recipient_type",
    "to",
    "recipient",
    "type",
    "context",
    "biz_opaque_callback_data",
    "recipient_identity_key_hash",
}


def problems_of(message: Any) -> list[str]:
    """Everything wrong with a send body; empty for a good one."""
    if not isinstance(message, dict):
        return ["the body is not an object"]
    return list(_envelope(message))


def _envelope(message: Object) -> Iterator[str]:
    if message.get("messaging_product") != "whatsapp":
        yield "messaging_product must be 'whatsapp'"
    if message.get("recipient_type", "individual") != "individual":
        yield "recipient_type must be 'individual'"
    yield from _recipient(message)
    opaque = message.get("biz_opaque_callback_data", "-")
    yield from text("biz_opaque_callback_data", opaque, 512)
    kind = message.get("type", "text")
    check = TYPES.get(kind) if isinstance(kind, str) else None
    if check is None:
        yield f"type {kind!r} is not known"
        return
    yield from (f"unknown key {key!r}" for key in message if key not in ENVELOPE_KEYS | {kind})
    content = message.get(kind)
    if not isinstance(content, dict):
        yield f"{kind} is missing"
        return
    yield from check(content)


def _recipient(message: Object) -> Iterator[str]:
    to, recipient = message.get("to"), message.get("recipient")
    if to is None and recipient is None:
        yield "to or recipient is required"
    if to is not None and not (isinstance(to, str) and re.fullmatch(r"\+?[1-9]\d{6,14}", to)):
        yield "to is not a phone number with country code"
    if recipient is not None and not (
        isinstance(recipient, str) and re.fullmatch(r"[A-Z]{2}\.[\w.]{1,128}", recipient)
    ):
        yield "recipient is not a business-scoped user id"


def _text_message(content: Object) -> Iterator[str]:
    yield from keys("text", content, {"body", "preview_url"})
    yield from text("text.body", content.get("body"), 4096)


def _media(kind: str, more: set[str]) -> Callable[[Object], Iterator[str]]:
    return lambda content: media(kind, content, more)


def _location(content: Object) -> Iterator[str]:
    yield from keys("location", content, {"latitude", "longitude", "name", "address"})
    yield from number("location.latitude", content.get("latitude"), 90)
    yield from number("location.longitude", content.get("longitude"), 180)
    for part in ("name", "address"):
        if part in content:
            yield from text(f"location.{part}", content[part], 1000)


def _reaction(content: Object) -> Iterator[str]:
    yield from keys("reaction", content, {"message_id", "emoji"})
    yield from text("reaction.message_id", content.get("message_id"), 512)
    emoji = content.get("emoji")
    if not isinstance(emoji, str) or any(sign.isascii() and sign.isalpha() for sign in emoji):
        yield "reaction.emoji is no emoji"


TYPES: Final[dict[str, Callable[[Object], Iterator[str]]]] = {
    "text": _text_message,
    "interactive": interactive.check,
    "image": _media("image", {"caption"}),
    "video": _media("video", {"caption"}),
    "audio": _media("audio", set()),
    "document": _media("document", {"caption", "filename"}),
    "sticker": _media("sticker", set()),
    "location": _location,
    "reaction": _reaction,
    "template": template.check,
}
"""What each type of message may hold, under a key of the type's own name."""

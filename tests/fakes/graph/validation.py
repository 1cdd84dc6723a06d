"""What the Graph API would refuse, from Meta's send reference.

The numbers are written out once more on purpose: a limit that is wrong in the product must not be wrong
here in the same way. Lengths are code points.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

type Object = dict[str, Any]

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
    yield from _text("biz_opaque_callback_data", opaque, 512)
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
    yield from _keys("text", content, {"body", "preview_url"})
    yield from _text("text.body", content.get("body"), 4096)


def _interactive(content: Object) -> Iterator[str]:
    yield from _keys("interactive", content, {"type", "body", "action", "header", "footer"})
    body = content.get("body")
    yield from _text("interactive.body.text", body.get("text") if isinstance(body, dict) else None, 1024)
    if "header" in content:
        yield from _header(content["header"])
    if "footer" in content:
        footer = content["footer"]
        yield from _text("interactive.footer.text", footer.get("text") if isinstance(footer, dict) else None, 60)
    action = content.get("action")
    if not isinstance(action, dict):
        yield "interactive.action is missing"
        return
    match content.get("type"):
        case "button":
            yield from _buttons(action)
        case "list":
            yield from _list(action)
        case other:
            yield f"interactive type {other!r} is not known"


def _header(header: Any) -> Iterator[str]:
    if not isinstance(header, dict) or header.get("type") != "text":
        yield "interactive.header must be a text header"
        return
    yield from _text("interactive.header.text", header.get("text"), 60)


def _buttons(action: Object) -> Iterator[str]:
    yield from _keys("action", action, {"buttons"})
    buttons = action.get("buttons")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= 3:
        yield "1 to 3 buttons are required"
        return
    replies = [_reply(button) for button in buttons]
    if not all(replies):
        yield "a button is not of type reply"
        return
    for reply in replies:
        yield from _keys("reply", reply, {"id", "title"})
        yield from _identifier("reply.id", reply.get("id"), 256)
        yield from _text("reply.title", reply.get("title"), 20)
    yield from _unique("reply.id", [reply.get("id") for reply in replies])
    yield from _unique("reply.title", [reply.get("title") for reply in replies])


def _reply(button: Any) -> Object:
    reply = button.get("reply") if isinstance(button, dict) and button.get("type") == "reply" else None
    return reply if isinstance(reply, dict) else {}


def _list(action: Object) -> Iterator[str]:
    yield from _keys("action", action, {"button", "sections"})
    yield from _text("action.button", action.get("button"), 20)
    sections = action.get("sections")
    if not isinstance(sections, list) or not 1 <= len(sections) <= 10:
        yield "1 to 10 sections are required"
        return
    rows: list[Any] = []
    for section in sections:
        if not isinstance(section, dict) or not isinstance(section.get("rows"), list) or not section["rows"]:
            yield "a section has no rows"
            return
        yield from _keys("section", section, {"title", "rows"})
        if len(sections) > 1 or "title" in section:
            yield from _text("section.title", section.get("title"), 24)
        rows += section["rows"]
    yield from _rows(rows)


def _rows(rows: list[Any]) -> Iterator[str]:
    if len(rows) > 10:
        yield f"{len(rows)} rows, at most 10 in all sections together"
    if not all(isinstance(row, dict) for row in rows):
        yield "a row is not an object"
        return
    for row in rows:
        yield from _keys("row", row, {"id", "title", "description"})
        yield from _identifier("row.id", row.get("id"), 200)
        yield from _text("row.title", row.get("title"), 24)
        if "description" in row:
            yield from _text("row.description", row["description"], 72)
    yield from _unique("row.id", [row.get("id") for row in rows])


def _keys(where: str, found: Object, known: set[str]) -> Iterator[str]:
    yield from (f"unknown key {key!r} in {where}" for key in found if key not in known)


def _identifier(where: str, value: Any, most: int) -> Iterator[str]:
    yield from _text(where, value, most)
    if isinstance(value, str) and value != value.strip():
        yield f"{where} has blanks around it"


def _text(where: str, value: Any, most: int) -> Iterator[str]:
    if not isinstance(value, str) or not value.strip():
        yield f"{where} is missing or empty"
    elif len(value) > most:
        yield f"{where} has {len(value)} characters, at most {most}"


def _unique(where: str, values: list[Any]) -> Iterator[str]:
    if len({str(value) for value in values}) < len(values):
        yield f"{where} is used twice"


TYPES: Final[dict[str, Callable[[Object], Iterator[str]]]] = {"text": _text_message, "interactive": _interactive}

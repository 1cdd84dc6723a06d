"""What each message type of the Cloud API says, in the engine's words: one function per type, one table.

A function returns ``None`` where the documented content is missing; such a message, like any type the
table does not know, becomes ``unsupported``, so the flow can answer it politely.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from flow_engine.vocabulary import JSON, JSONObject, MessageType
from runtime.channels.reading import as_list, as_number, as_object, as_text, carried, decode_json

type Content = tuple[MessageType, str, str | None, JSONObject]
"""What depends on the type of an ``InternalMessage``: type, text, payload, content. Unpacked as soon as it is made."""

MEDIA_TEXTS: Final = frozenset({"mime_type", "sha256", "filename", "caption", "url"})
MEDIA_SIGNS: Final = frozenset({"voice", "animated"})


def read_content(message: JSONObject) -> Content:
    """The content of ``message``; ``unsupported`` with the original type where we cannot read it."""
    wire_type = message.get("type")
    if wire_type.__class__ is not str:
        wire_type = as_text(wire_type)
    if (reader := READERS.get(wire_type)) is not None and (content := reader(message)) is not None:
        return content
    return _unsupported(wire_type, message)


def _unsupported(wire_type: str, message: JSONObject) -> Content:
    """``errors`` is where Meta says why it hands a message over without its content."""
    codes: list[JSON] = [as_object(error).get("code") for error in as_list(message.get("errors"))]
    inner = as_text(as_object(message.get(wire_type)).get("type"))
    content: JSONObject = {"type": wire_type}
    if inner:
        content["subtype"] = inner
    if codes:
        content["error_codes"] = [code for code in codes if isinstance(code, int | str)]
    return MessageType.UNSUPPORTED, "", None, content


def _text(message: JSONObject) -> Content | None:
    body = as_object(message.get("text")).get("body")
    return (MessageType.TEXT, body, None, {}) if body.__class__ is str else None


def _template_button(message: JSONObject) -> Content | None:
    """A tap on a quick reply under a template."""
    button = as_object(message.get("button"))
    title, payload = as_text(button.get("text")), as_text(button.get("payload"))
    return (MessageType.BUTTON, title or payload, payload or title, {}) if title or payload else None


def _interactive(message: JSONObject) -> Content | None:
    interactive = as_object(message.get("interactive"))
    match interactive.get("type"):
        case "button_reply":
            return _tap(MessageType.BUTTON, as_object(interactive.get("button_reply")))
        case "list_reply":
            return _tap(MessageType.LIST, as_object(interactive.get("list_reply")))
        case "nfm_reply":
            return _form(as_object(interactive.get("nfm_reply")))
        case _:
            return None


def _tap(kind: MessageType, reply: JSONObject) -> Content | None:
    payload, title = as_text(reply.get("id")), as_text(reply.get("title"))
    if not payload:
        return None
    description = as_text(reply.get("description"))
    return kind, title, payload, {"description": description} if description else {}


def _form(reply: JSONObject) -> Content | None:
    """``response_json`` is JSON inside a string, and not always an object."""
    written = reply.get("response_json")
    if not isinstance(written, str):
        return None
    content: JSONObject = {"name": as_text(reply.get("name"))}
    try:
        content["response"] = carried(decode_json(written))
    except ValueError:
        content["response"], content["response_text"] = None, written
    return MessageType.FORM, as_text(reply.get("body")), None, content


def _media(kind: MessageType) -> Callable[[JSONObject], Content | None]:
    def read(message: JSONObject) -> Content | None:
        media = as_object(message.get(kind.value))
        media_id = as_text(media.get("id"))
        if not media_id:
            return None
        content: JSONObject = {"media_id": media_id}
        for key, value in media.items():
            if key in MEDIA_TEXTS:
                if written := as_text(value):
                    content[key] = written
            elif key in MEDIA_SIGNS and value.__class__ is bool:
                content[key] = value
        return kind, as_text(media.get("caption")), None, content

    return read


def _location(message: JSONObject) -> Content | None:
    location = as_object(message.get("location"))
    latitude, longitude = as_number(location.get("latitude")), as_number(location.get("longitude"))
    if latitude is None or longitude is None:
        return None
    content: JSONObject = {"latitude": latitude, "longitude": longitude}
    for key in ("name", "address", "url"):
        if value := as_text(location.get(key)):
            content[key] = value
    return MessageType.LOCATION, as_text(content.get("name")) or as_text(content.get("address")), None, content


def _contacts(message: JSONObject) -> Content | None:
    cards = [card for card in as_list(message.get("contacts")) if isinstance(card, dict)]
    if not cards:
        return None
    names = [as_text(as_object(card.get("name")).get("formatted_name")) for card in cards]
    return MessageType.CONTACTS, ", ".join(filter(None, names)), None, {"contacts": carried([*cards])}


def _reaction(message: JSONObject) -> Content | None:
    """No emoji, or an empty one: the reaction was taken back."""
    reaction = as_object(message.get("reaction"))
    target = as_text(reaction.get("message_id"))
    emoji = as_text(reaction.get("emoji"))
    return (MessageType.REACTION, emoji, None, {"message_id": target, "emoji": emoji}) if target else None


def _order(message: JSONObject) -> Content | None:
    order = as_object(message.get("order"))
    if not order:
        return None
    content: JSONObject = {
        "catalog_id": as_text(order.get("catalog_id")),
        "product_items": carried(as_list(order.get("product_items"))),
    }
    return MessageType.ORDER, as_text(order.get("text")), None, content


READERS: Final[dict[str, Callable[[JSONObject], Content | None]]] = {
    "text": _text,
    "button": _template_button,
    "interactive": _interactive,
    "image": _media(MessageType.IMAGE),
    "audio": _media(MessageType.AUDIO),
    "video": _media(MessageType.VIDEO),
    "document": _media(MessageType.DOCUMENT),
    "sticker": _media(MessageType.STICKER),
    "location": _location,
    "contacts": _contacts,
    "reaction": _reaction,
    "order": _order,
    "request_welcome": lambda _: (MessageType.WELCOME, "", None, {}),  # chat opened, nothing written yet
}
"""The wire types a flow can meet. ``system``, ``edit`` and ``revoke`` are notices and read elsewhere."""

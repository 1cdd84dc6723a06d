"""What each kind of Telegram message says, in the engine's words. The shapes are WhatsApp's, so flows read one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from flow_engine.vocabulary import JSON, JSONObject, MessageType
from runtime.channels.reading import as_list, as_number, as_object, as_text

_START: Final = "/start"
_FILE_FACTS: Final = ("mime_type", "file_name", "file_size", "duration")
_NAMES: Final[Mapping[str, str]] = {"file_name": "filename", "file_size": "size"}


@dataclass(frozen=True, slots=True)
class Content:
    """The part of an ``InternalMessage`` that depends on the kind. ``phone`` is the writer's own, where shared."""

    type: MessageType
    text: str = ""
    content: JSONObject = field(default_factory=dict)
    phone: str | None = None


def read_content(message: JSONObject) -> Content:
    """The content of ``message``; ``unsupported`` with the key that is new to us where we cannot read it."""
    for key, reader in _READERS.items():
        if key in message:
            content = reader(message)
            return content if content is not None else _unsupported(key)
    return _unsupported(next((key for key in message if key not in _ENVELOPE), "unknown"))


def _unsupported(key: str) -> Content:
    return Content(MessageType.UNSUPPORTED, content={"type": key})


def _text(message: JSONObject) -> Content | None:
    """``/start`` opens the chat; what a link brought along (``t.me/bot?start=…``) stands behind it."""
    words = as_text(message.get("text"))
    command, _, brought = words.partition(" ")
    if command == _START:
        return Content(MessageType.WELCOME, content={"start": brought.strip()} if brought.strip() else {})
    return Content(MessageType.TEXT, words) if words else None


def _file(kind: MessageType, key: str, **more: JSON) -> Callable[[JSONObject], Content | None]:
    def read(message: JSONObject) -> Content | None:
        found = message.get(key)
        # A photo comes in several sizes, the largest last.
        file = as_object(as_list(found)[-1]) if isinstance(found, list) and found else as_object(found)
        file_id = as_text(file.get("file_id"))
        if not file_id:
            return None
        caption = as_text(message.get("caption"))
        content: JSONObject = {"media_id": file_id, **more}
        content |= {_NAMES.get(fact, fact): file[fact] for fact in _FILE_FACTS if isinstance(file.get(fact), str | int)}
        if caption:
            content["caption"] = caption
        return Content(kind, caption, content)

    return read


def _location(message: JSONObject) -> Content | None:
    """Of a venue, too: it carries its location beside its name."""
    venue = as_object(message.get("venue"))
    point = as_object(venue.get("location") or message.get("location"))
    latitude, longitude = as_number(point.get("latitude")), as_number(point.get("longitude"))
    if latitude is None or longitude is None:
        return None
    content: JSONObject = {"latitude": latitude, "longitude": longitude}
    content |= {
        name: words for name, key in (("name", "title"), ("address", "address")) if (words := as_text(venue.get(key)))
    }
    return Content(MessageType.LOCATION, as_text(content.get("name")) or as_text(content.get("address")), content)


def _contact(message: JSONObject) -> Content | None:
    card = as_object(message.get("contact"))
    number = as_text(card.get("phone_number")).strip()
    if not number:
        return None
    phone = number if number.startswith("+") else f"+{number}"
    name = " ".join(filter(None, (as_text(card.get("first_name")), as_text(card.get("last_name")))))
    shared: JSONObject = {"name": {"formatted_name": name}, "phones": [{"phone": phone}]}
    user_id = as_text(card.get("user_id"))
    own = bool(user_id) and user_id == as_text(as_object(message.get("from")).get("id"))
    return Content(MessageType.CONTACTS, name, {"contacts": [shared]}, phone.lstrip("+") if own else None)


_READERS: Final[Mapping[str, Callable[[JSONObject], Content | None]]] = {
    "text": _text,
    "photo": _file(MessageType.IMAGE, "photo", mime_type="image/jpeg"),  # Telegram makes a JPEG of every photo
    "voice": _file(MessageType.AUDIO, "voice", voice=True),
    "audio": _file(MessageType.AUDIO, "audio"),
    "video": _file(MessageType.VIDEO, "video"),
    "video_note": _file(MessageType.VIDEO, "video_note"),
    "animation": _file(MessageType.VIDEO, "animation"),  # before "document", which comes beside it
    "document": _file(MessageType.DOCUMENT, "document"),
    "sticker": _file(MessageType.STICKER, "sticker"),
    "venue": _location,  # before "location", which comes beside it
    "location": _location,
    "contact": _contact,
}
"""By the key that tells the kind. A message has exactly one of them, but for the two pairs that are noted."""

_ENVELOPE: Final = frozenset(
    {"message_id", "from", "chat", "date", "edit_date", "reply_to_message", "entities", "caption", "caption_entities"}
    | {"reply_markup", "via_bot", "author_signature", "media_group_id", "has_protected_content", "link_preview_options"}
    | {"forward_origin", "external_reply", "quote", "message_thread_id", "sender_chat", "is_topic_message"}
)
"""Keys of a message that do not tell its kind."""

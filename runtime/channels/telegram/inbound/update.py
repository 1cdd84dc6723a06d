"""One update: who wrote, what, and what it means for a front desk that talks to one person at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from flow_engine.messages import InternalMessage
from flow_engine.vocabulary import JSONObject, MessageType
from runtime.channels.reading import as_list, as_number, as_object, as_text, as_time, decode_json
from runtime.channels.telegram.inbound.content import read_content
from runtime.channels.telegram.inbound.parsed import BlockChanged, Edited, Passed, Tapped, Unreadable, Update, Written
from runtime.channels.telegram.message_id import message_id_of

_PRIVATE: Final = "private"
_GONE: Final = "kicked"  # in a private chat: the customer has blocked the bot
_MAX_ID_CHARS: Final = 64  # ids have up to 20 characters, those of taps as well


def parse_update(body: bytes, *, received_at: datetime) -> Update:
    """Read a body. Never raises, whatever the bytes. ``received_at`` (aware) stands in for missing time stamps."""
    try:
        document = decode_json(body)
    except ValueError:
        return Unreadable("not_json")
    if not isinstance(document, dict) or "update_id" not in document:
        return Unreadable("not_an_update")
    if "message" in document:
        return _message(as_object(document["message"]), received_at)
    if "callback_query" in document:
        return _tap(as_object(document["callback_query"]), received_at)
    if "edited_message" in document:
        return _edit(as_object(document["edited_message"]), received_at)
    if "my_chat_member" in document:
        return _membership(as_object(document["my_chat_member"]), as_text(document["update_id"]), received_at)
    return Passed(next((key for key in document if key != "update_id"), "empty"))


def _message(message: JSONObject, received_at: datetime) -> Update:
    chat, writer = as_object(message.get("chat")), as_object(message.get("from"))
    chat_id, number = _id(chat), as_text(message.get("message_id"))
    if not chat_id or not number or len(number) > _MAX_ID_CHARS:
        return Unreadable("no_sender")
    if chat.get("type") != _PRIVATE:
        return Passed("group")
    if writer.get("is_bot") is True:
        return Passed("bot")
    content = read_content(message)
    return Written(
        InternalMessage(
            id=message_id_of(chat_id, number),
            contact_id=chat_id,
            type=content.type,
            sent_at=as_time(message.get("date"), received_at),
            text=content.text,
            content=content.content,
            replied_to=_replied_to(message, chat_id),
            contact_name=_name(writer),
            contact_phone=content.phone,
        )
    )


def _tap(query: JSONObject, received_at: datetime) -> Update:
    """The title is read off the keyboard that was tapped; Telegram sends the data alone."""
    writer, shown = as_object(query.get("from")), as_object(query.get("message"))
    query_id, data = as_text(query.get("id")), as_text(query.get("data"))
    contact_id = _id(as_object(shown.get("chat"))) or _id(writer)
    if not query_id or len(query_id) > _MAX_ID_CHARS or not contact_id:
        return Unreadable("no_sender")
    if as_object(shown.get("chat")).get("type", _PRIVATE) != _PRIVATE:
        return Passed("group")
    if not data:
        return Passed("tap_without_data")
    number = as_number(shown.get("message_id"))
    message = InternalMessage(
        id=f"tap:{query_id}",
        contact_id=contact_id,
        type=MessageType.BUTTON,
        sent_at=received_at,
        text=_title(shown, data) or data,
        payload=data,
        replied_to=message_id_of(contact_id, str(int(number))) if number else None,
        contact_name=_name(writer),
    )
    return Tapped(message, query_id, int(number) if number else None)


def _edit(message: JSONObject, received_at: datetime) -> Update:
    """The same message under an id of its own, so that each change counts once."""
    found = _message(message, received_at)
    if not isinstance(found, Written):
        return found
    original = found.message
    edit_id = f"{original.id}:edit:{as_text(message.get('edit_date'))}"
    return Edited(original.id, replace(original, id=edit_id, replied_to=original.id))


def _membership(change: JSONObject, update_id: str, received_at: datetime) -> Update:
    chat = as_object(change.get("chat"))
    contact_id, status = _id(chat), as_text(as_object(change.get("new_chat_member")).get("status"))
    if not contact_id or not status:
        return Unreadable("no_sender")
    if chat.get("type") != _PRIVATE:
        return Passed("group")
    at = as_time(change.get("date"), received_at)
    return BlockChanged(contact_id, status == _GONE, f"update:{update_id[:_MAX_ID_CHARS]}", at)


def _title(shown: JSONObject, data: str) -> str:
    rows = as_list(as_object(shown.get("reply_markup")).get("inline_keyboard"))
    buttons = (as_object(button) for row in rows for button in as_list(row))
    return next((as_text(button.get("text")) for button in buttons if button.get("callback_data") == data), "")


def _replied_to(message: JSONObject, chat_id: str) -> str | None:
    number = as_text(as_object(message.get("reply_to_message")).get("message_id"))
    return message_id_of(chat_id, number) if number else None


def _name(writer: JSONObject) -> str | None:
    return " ".join(filter(None, (as_text(writer.get("first_name")), as_text(writer.get("last_name"))))) or None


def _id(holder: JSONObject) -> str:
    found = as_text(holder.get("id"))
    return found if len(found) <= _MAX_ID_CHARS else ""

"""One element of ``value.messages``: a message for the flow, or a notice about the chat."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

import orjson

from flow_engine.messages import InternalMessage
from flow_engine.vocabulary import JSON, JSONObject
from runtime.channels.reading import as_object, as_text, as_time, carried
from runtime.channels.whatsapp.inbound.content import read_content
from runtime.channels.whatsapp.inbound.identity import Sender, sender_of
from runtime.channels.whatsapp.inbound.parsed import Notice, NoticeKind

FIELD: Final = "messages"
MAX_MESSAGE_ID_CHARS: Final = 256  # WhatsApp's ids have about 60
CHAT_NOTICES: Final = ("system", "edit", "revoke")  # no set: what stands there may be a list
NOT_LATE: Final = False  # that is judged when the message is taken up, not when it is read
IDENTITY_CHANGES: Final = frozenset({"user_changed_number", "user_changed_user_id", "customer_changed_number"})


def read_message(
    raw: JSONObject, contacts: Sequence[JSON], received_at: datetime, channel_id: str
) -> InternalMessage | Notice:
    """``received_at`` stands in for a time stamp that is missing or no time at all."""
    sender = sender_of(raw, contacts)
    if sender is None:
        return Notice(NoticeKind.UNREADABLE, FIELD, detail={"problem": "no sender"}, channel_id=channel_id)
    if (kind := raw.get("type")) in CHAT_NOTICES:
        return _read_notice(kind, raw, sender, received_at, channel_id)
    message = _build(raw, raw, sender, received_at)
    if "group_id" in raw and (group_id := as_text(raw["group_id"])):
        group: JSONObject = {"group_id": group_id}
        return Notice(NoticeKind.GROUP_MESSAGE, FIELD, sender[0], group, message, channel_id, raw)
    return message


def _read_notice(kind: JSON, raw: JSONObject, sender: Sender, received_at: datetime, channel_id: str) -> Notice:
    match kind:
        case "system":
            return _read_system(raw, sender, channel_id)
        case "edit":
            return _read_edit(raw, sender, received_at, channel_id)
        case _:
            original = as_text(as_object(raw.get("revoke")).get("original_message_id"))
            detail: JSONObject = {"original_message_id": original}
            return Notice(NoticeKind.REVOKE, FIELD, sender[0], detail, None, channel_id, raw)


def _build(raw: JSONObject, written: JSONObject, sender: Sender, received_at: datetime) -> InternalMessage:
    """``raw`` carries id and time; ``written`` the content (for an edit they differ)."""
    contact_id, name, phone = sender
    kind, text, payload, extra = read_content(written)
    replied_to = ""
    if "context" in written or "referral" in written:
        context = as_object(written.get("context"))
        extra |= _circumstances(written, context)
        replied_to = as_text(context.get("id"))
    if not replied_to and "message_id" in extra:
        replied_to = as_text(extra["message_id"])
    return InternalMessage(  # every field, and by position: see quick_init
        _id_of(raw),
        contact_id,
        kind,
        as_time(raw.get("timestamp"), received_at),
        text,
        payload,
        extra,
        replied_to or None,
        name,
        phone,
        NOT_LATE,
    )


def _circumstances(written: JSONObject, context: JSONObject) -> JSONObject:
    """What any type may come with: the advertisement it answers, the product it asks about, being forwarded."""
    found: JSONObject = {}
    if "referral" in written and (referral := as_object(written["referral"])):
        found["referral"] = carried(referral)
    if "referred_product" in context and (product := as_object(context["referred_product"])):
        found["referred_product"] = carried(product)
    if context.get("forwarded") is True or context.get("frequently_forwarded") is True:
        found["forwarded"] = True
    return found


def _id_of(raw: JSONObject) -> str:
    """WhatsApp's id. Without one the content is the id, so that a repeated delivery is still recognised."""
    message_id = raw.get("id")
    if message_id.__class__ is not str:
        message_id = as_text(message_id)
    if message_id and len(message_id) <= MAX_MESSAGE_ID_CHARS:
        return message_id
    return "sha256:" + hashlib.sha256(orjson.dumps(carried(raw), option=orjson.OPT_SORT_KEYS)).hexdigest()


def _read_edit(raw: JSONObject, sender: Sender, received_at: datetime, channel_id: str) -> Notice:
    edit = as_object(raw.get("edit"))
    message = _build(raw, as_object(edit.get("message")), sender, received_at)
    original = as_text(edit.get("original_message_id"))
    return Notice(
        NoticeKind.EDIT,
        FIELD,
        sender[0],
        {"original_message_id": original},
        replace(message, replied_to=original or None),
        channel_id,
        raw,
    )


def _read_system(raw: JSONObject, sender: Sender, channel_id: str) -> Notice:
    """Older bodies name the new number ``new_wa_id``."""
    system = as_object(raw.get("system"))
    change = as_text(system.get("type"))
    detail: JSONObject = {"type": change, "previous": sender[0]}
    if phone := as_text(system.get("wa_id")) or as_text(system.get("new_wa_id")):
        detail["phone"] = phone
    if user_id := as_text(system.get("user_id")):
        detail["user_id"] = user_id
    kind = NoticeKind.IDENTITY_CHANGED if change in IDENTITY_CHANGES else NoticeKind.SYSTEM
    return Notice(kind, FIELD, sender[0], detail, None, channel_id, raw)

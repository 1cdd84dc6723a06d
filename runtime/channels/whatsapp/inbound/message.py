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
IDENTITY_CHANGES: Final = frozenset({"user_changed_number", "user_changed_user_id", "customer_changed_number"})


def read_message(
    raw: JSON, contacts: Sequence[JSON], received_at: datetime, channel_id: str
) -> InternalMessage | Notice:
    """``received_at`` stands in for a time stamp that is missing or no time at all."""
    if not isinstance(raw, dict):
        return Notice(NoticeKind.UNREADABLE, FIELD, channel_id=channel_id)
    sender = sender_of(raw, contacts)
    if sender is None:
        return Notice(NoticeKind.UNREADABLE, FIELD, detail={"problem": "no sender"}, channel_id=channel_id)
    match raw.get("type"):
        case "system":
            return _read_system(raw, sender, channel_id)
        case "edit":
            return _read_edit(raw, sender, received_at, channel_id)
        case "revoke":
            detail: JSONObject = {
                "original_message_id": as_text(as_object(raw.get("revoke")).get("original_message_id"))
            }
            return Notice(NoticeKind.REVOKE, FIELD, sender.contact_id, detail, None, channel_id, raw)
        case _:
            message = _build(raw, raw, sender, received_at)
    if group_id := as_text(raw.get("group_id")):
        group: JSONObject = {"group_id": group_id}
        return Notice(NoticeKind.GROUP_MESSAGE, FIELD, sender.contact_id, group, message, channel_id, raw)
    return message


def _build(raw: JSONObject, written: JSONObject, sender: Sender, received_at: datetime) -> InternalMessage:
    """``raw`` carries id and time; ``written`` the content (for an edit they differ)."""
    content = read_content(written)
    extra, replied_to = content.content, ""
    if "context" in written or "referral" in written:
        context = as_object(written.get("context"))
        extra = extra | _circumstances(written, context)
        replied_to = as_text(context.get("id"))
    if not replied_to and extra:
        replied_to = as_text(extra.get("message_id"))
    return InternalMessage(
        id=_id_of(raw),
        contact_id=sender.contact_id,
        type=content.type,
        sent_at=as_time(raw.get("timestamp"), received_at),
        text=content.text,
        payload=content.payload,
        content=extra,
        replied_to=replied_to or None,
        contact_name=sender.name,
        contact_phone=sender.phone,
    )


def _circumstances(written: JSONObject, context: JSONObject) -> JSONObject:
    """What any type may come with: the advertisement it answers, the product it asks about, being forwarded."""
    found: JSONObject = {}
    if referral := as_object(written.get("referral")):
        found["referral"] = carried(referral)
    if product := as_object(context.get("referred_product")):
        found["referred_product"] = carried(product)
    if context.get("forwarded") is True or context.get("frequently_forwarded") is True:
        found["forwarded"] = True
    return found


def _id_of(raw: JSONObject) -> str:
    """WhatsApp's id. Without one the content is the id, so that a repeated delivery is still recognised."""
    message_id = as_text(raw.get("id"))
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
        sender.contact_id,
        {"original_message_id": original},
        replace(message, replied_to=original or None),
        channel_id,
        raw,
    )


def _read_system(raw: JSONObject, sender: Sender, channel_id: str) -> Notice:
    """Older bodies name the new number ``new_wa_id``."""
    system = as_object(raw.get("system"))
    change = as_text(system.get("type"))
    detail: JSONObject = {"type": change, "previous": sender.contact_id}
    if phone := as_text(system.get("wa_id")) or as_text(system.get("new_wa_id")):
        detail["phone"] = phone
    if user_id := as_text(system.get("user_id")):
        detail["user_id"] = user_id
    kind = NoticeKind.IDENTITY_CHANGED if change in IDENTITY_CHANGES else NoticeKind.SYSTEM
    return Notice(kind, FIELD, sender.contact_id, detail, None, channel_id, raw)

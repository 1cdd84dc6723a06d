"""The envelope of a webhook, walked to the last element: every entry, change, message and status.

One POST may hold a thousand updates of several numbers. Each element is judged alone: a part that is
foreign or broken never takes its neighbours with it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from flow_engine.vocabulary import JSON, JSONObject
from runtime.channels.reading import as_list, as_object, as_text, carried, decode_json
from runtime.channels.whatsapp.inbound.details import details_of
from runtime.channels.whatsapp.inbound.message import read_message
from runtime.channels.whatsapp.inbound.parsed import Notice, NoticeKind, ParsedWebhook, UnreadableBody
from runtime.channels.whatsapp.inbound.status import read_status
from runtime.ports.inbox import InboundEnvelope

PROFILE: Final = "whatsapp"
"""The capability profile that conversations on these channels are shaped for."""
MESSAGES_FIELD: Final = "messages"
NOTICE_FIELDS: Final = {
    "history": NoticeKind.HISTORY,
    "smb_app_state_sync": NoticeKind.HISTORY,
    "smb_message_echoes": NoticeKind.ECHO,
    "standby": NoticeKind.STANDBY,
    "user_id_update": NoticeKind.IDENTITY_CHANGED,
    "user_preferences": NoticeKind.PREFERENCE,
}
"""Fields other than ``messages`` that concern a chat. Any field not named here concerns the account."""


type ChannelOf = Callable[[str], str | None]
"""The channel id of a phone number id; ``None`` for a number that is not ours. No number at all is the empty text."""


def parse_webhook(body: bytes, *, channel_of: ChannelOf, received_at: datetime) -> ParsedWebhook | UnreadableBody:
    """Read a body. Never raises, whatever the bytes.

    What is addressed to a number that ``channel_of`` does not know is not taken. ``received_at`` (aware) stands in for
    missing time stamps. Where the bytes are not JSON, or not an envelope with entries, ``UnreadableBody``.
    """
    try:
        document = decode_json(body)
    except ValueError:
        return UnreadableBody("not_json")
    entries = document.get("entry") if document.__class__ is dict else None
    if entries.__class__ is not list:
        return UnreadableBody("not_an_envelope")
    found = ParsedWebhook([], [], [])
    for entry in entries:
        _read_entry(entry, found, channel_of, received_at)
    return found


def _read_entry(entry: JSON, found: ParsedWebhook, channel_of: ChannelOf, received_at: datetime) -> None:
    if entry.__class__ is not dict:
        found.notices.append(Notice(NoticeKind.UNREADABLE, ""))
        return
    if entry.get("standby"):
        found.notices.append(Notice(NoticeKind.STANDBY, "standby"))
    for change in as_list(entry.get("changes")):
        known = change if change.__class__ is dict else {}
        field, value = known.get("field"), known.get("value")
        if field.__class__ is not str or not field or value.__class__ is not dict:
            found.notices.append(Notice(NoticeKind.UNREADABLE, as_text(field)))
            continue
        metadata = as_object(value.get("metadata"))
        addressed_to = metadata.get("phone_number_id", "")
        if addressed_to.__class__ is not str:
            addressed_to = as_text(addressed_to)
        channel_id = channel_of(addressed_to)
        if field != MESSAGES_FIELD and (channel_id is not None or not addressed_to):
            found.notices.extend(_notices_of_field(field, value, channel_id))
        elif channel_id is None:
            found.notices.append(Notice(NoticeKind.FOREIGN_NUMBER, field))
        else:
            account, number = as_text(entry.get("id")), as_text(metadata.get("display_phone_number"))
            _read_chats(value, found, channel_id, account, number, received_at)


def _read_chats(
    value: JSONObject, found: ParsedWebhook, channel_id: str, account: str, number: str, received_at: datetime
) -> None:
    """``account`` and ``number`` are what Meta calls the account and the number of ours that this is about."""
    if "messages" in value:
        contacts = as_list(value.get("contacts"))
        for raw in as_list(value["messages"]):
            if raw.__class__ is not dict:
                found.notices.append(Notice(NoticeKind.UNREADABLE, MESSAGES_FIELD, channel_id=channel_id))
            elif isinstance(message := read_message(raw, contacts, received_at, channel_id), Notice):
                found.notices.append(message)
            else:
                details = details_of(raw, contacts)
                found.messages.append(InboundEnvelope(channel_id, PROFILE, message, account, number, details))
    if "statuses" in value:
        for raw in as_list(value["statuses"]):
            report = read_status(raw, channel_id, received_at)
            if isinstance(report, Notice):
                found.notices.append(report)
            else:
                found.statuses.append(report)
    if "errors" in value:
        found.notices.extend(_channel_errors(as_list(value["errors"]), channel_id))


def _channel_errors(errors: Sequence[JSON], channel_id: str) -> list[Notice]:
    """Errors beside the messages concern the number, not a chat."""
    kind = NoticeKind.CHANNEL_ERROR
    return [
        Notice(kind, MESSAGES_FIELD, detail={"code": as_object(error).get("code")}, channel_id=channel_id)
        for error in errors
    ]


def _notices_of_field(field: str, value: JSONObject, channel_id: str | None) -> list[Notice]:
    """One notice per element where the field is a list of things about contacts, else one for the change."""
    kind = NOTICE_FIELDS.get(field, NoticeKind.ACCOUNT)
    if kind is NoticeKind.ECHO:
        echoes = as_list(value.get("message_echoes"))
        return [_about(kind, field, item, ("to", "to_user_id"), channel_id) for item in echoes]
    if kind is NoticeKind.IDENTITY_CHANGED or kind is NoticeKind.PREFERENCE:
        return [_about(kind, field, item, ("wa_id",), channel_id) for item in as_list(value.get(field))]
    return [Notice(kind, field, None, {"event": as_text(value.get("event"))}, None, channel_id, value)]


def _about(kind: NoticeKind, field: str, item: JSON, contact_keys: Sequence[str], channel_id: str | None) -> Notice:
    facts = as_object(item)
    contact_id = next((as_text(facts[key]) for key in contact_keys if as_text(facts.get(key))), None)
    return Notice(kind, field, contact_id, as_object(carried(facts)), None, channel_id, facts)

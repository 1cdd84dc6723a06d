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
from runtime.ports.inbox import DeliveryStatus, InboundEnvelope

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
    if not isinstance(document, dict) or not isinstance(document.get("entry"), list):
        return UnreadableBody("not_an_envelope")
    walk = _Walk(channel_of, received_at)
    for entry in as_list(document["entry"]):
        walk.entry(entry)
    return ParsedWebhook(tuple(walk.messages), tuple(walk.statuses), tuple(walk.notices))


class _Walk:
    """One pass over one envelope; collects as it goes."""

    __slots__ = ("channel_of", "messages", "notices", "received_at", "statuses")

    def __init__(self, channel_of: ChannelOf, received_at: datetime) -> None:
        self.channel_of = channel_of
        self.received_at = received_at
        self.messages: list[InboundEnvelope] = []
        self.statuses: list[DeliveryStatus] = []
        self.notices: list[Notice] = []

    def entry(self, entry: JSON) -> None:
        if not isinstance(entry, dict):
            self.notices.append(Notice(NoticeKind.UNREADABLE, ""))
            return
        if entry.get("standby"):
            self.notices.append(Notice(NoticeKind.STANDBY, "standby"))
        account = as_text(entry.get("id"))
        for change in as_list(entry.get("changes")):
            self.change(change, account)

    def change(self, change: JSON, account: str) -> None:
        known = as_object(change)
        field, value = as_text(known.get("field")), known.get("value")
        if not field or not isinstance(value, dict):
            self.notices.append(Notice(NoticeKind.UNREADABLE, field))
            return
        metadata = as_object(value.get("metadata"))
        addressed_to = as_text(metadata.get("phone_number_id"))
        channel_id = self.channel_of(addressed_to)
        if channel_id is None and (addressed_to or field == MESSAGES_FIELD):
            self.notices.append(Notice(NoticeKind.FOREIGN_NUMBER, field))
        elif field == MESSAGES_FIELD and channel_id is not None:
            self.messages_value(value, channel_id, account, as_text(metadata.get("display_phone_number")))
        else:
            self.notices += _notices_of_field(field, value, channel_id)

    def messages_value(self, value: JSONObject, channel_id: str, account: str, display_number: str) -> None:
        contacts = as_list(value.get("contacts"))
        for raw in as_list(value.get("messages")):
            found = read_message(raw, contacts, self.received_at, channel_id)
            if isinstance(found, Notice):
                self.notices.append(found)
            else:
                details = details_of(as_object(raw), contacts)
                self.messages.append(InboundEnvelope(channel_id, PROFILE, found, account, display_number, details))
        for raw in as_list(value.get("statuses")):
            report = read_status(raw, channel_id, self.received_at)
            if isinstance(report, Notice):
                self.notices.append(report)
            else:
                self.statuses.append(report)
        if "errors" in value:
            self.notices += _channel_errors(as_list(value["errors"]), channel_id)


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
    match kind:
        case NoticeKind.ECHO:
            echoes = as_list(value.get("message_echoes"))
            return [_about(kind, field, item, ("to", "to_user_id"), channel_id) for item in echoes]
        case NoticeKind.IDENTITY_CHANGED | NoticeKind.PREFERENCE:
            return [_about(kind, field, item, ("wa_id",), channel_id) for item in as_list(value.get(field))]
        case _:
            event: JSONObject = {"event": as_text(value.get("event"))}
            return [Notice(kind, field, detail=event, channel_id=channel_id, value=value)]


def _about(kind: NoticeKind, field: str, item: JSON, contact_keys: Sequence[str], channel_id: str | None) -> Notice:
    facts = as_object(item)
    contact_id = next((as_text(facts[key]) for key in contact_keys if as_text(facts.get(key))), None)
    return Notice(kind, field, contact_id, as_object(carried(facts)), channel_id=channel_id, value=facts)

"""Notices that change what is kept of a contact, in the words of the runtime."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from flow_engine.vocabulary import JSONObject
from runtime.channels.reading import as_object, as_text, as_time
from runtime.channels.whatsapp.inbound.content import read_content
from runtime.channels.whatsapp.inbound.parsed import Notice, NoticeKind
from runtime.ports.contact_notes import (
    ContactNote,
    IdentityChanged,
    MessageEdited,
    MessageRevoked,
    StaffWrote,
    WishShown,
)
from runtime.wish import Wish

PROFILE: Final = "whatsapp"
WISHES: Final = {"stop": Wish.OUT, "resume": Wish.IN}


def notes_of(notices: Sequence[Notice], received_at: datetime) -> list[ContactNote]:
    """A note for each notice that is about a chat of ours and says enough to act on; the others are only counted."""
    found = (_note_of(notice, notice.channel_id, received_at) for notice in notices if notice.channel_id is not None)
    return [note for note in found if note is not None]


def _note_of(notice: Notice, channel_id: str, received_at: datetime) -> ContactNote | None:
    detail: JSONObject = dict(notice.detail)
    match notice.kind:
        case NoticeKind.IDENTITY_CHANGED:
            return _identity(detail, channel_id, received_at)
        case NoticeKind.ECHO:
            return _staff(notice, detail, channel_id, received_at)
        case NoticeKind.PREFERENCE:
            return _preference(notice, detail, channel_id, received_at)
        case NoticeKind.EDIT if notice.message is not None and notice.message.replied_to is not None:
            return MessageEdited(channel_id, notice.message.replied_to, notice.message)
        case NoticeKind.REVOKE if original := as_text(detail.get("original_message_id")):
            return MessageRevoked(channel_id, original)
        case _:
            return None


def _identity(detail: JSONObject, channel_id: str, received_at: datetime) -> IdentityChanged | None:
    """A system message holds ``previous`` and ``user_id`` or ``phone``; the field ``user_id_update`` both user ids."""
    ids = as_object(detail.get("user_id"))
    if ids:
        previous, current, phone = (
            as_text(ids.get("previous")),
            as_text(ids.get("current")),
            as_text(detail.get("wa_id")),
        )
    else:
        previous, phone = as_text(detail.get("previous")), as_text(detail.get("phone"))
        # Who is known by a user id keeps it when only the number changes.
        current = as_text(detail.get("user_id")) or (previous if "." in previous else phone)
    if not previous or not current:
        return None
    at = as_time(detail.get("timestamp"), received_at)
    return IdentityChanged(channel_id, previous, current, at, phone or None)


def _staff(notice: Notice, detail: JSONObject, channel_id: str, received_at: datetime) -> StaffWrote | None:
    message_id = as_text(detail.get("id"))
    if not notice.contact_id or not message_id:
        return None
    at = as_time(detail.get("timestamp"), received_at)
    return StaffWrote(channel_id, PROFILE, notice.contact_id, message_id, at, read_content(detail)[1])


def _preference(notice: Notice, detail: JSONObject, channel_id: str, received_at: datetime) -> WishShown | None:
    """Meta's switch speaks of marketing messages; whoever turns it off is spared everything that answers nothing."""
    wish = WISHES.get(as_text(detail.get("value")))
    contact_id = notice.contact_id or as_text(detail.get("user_id"))
    if wish is None or not contact_id:
        return None
    at = as_time(detail.get("timestamp"), received_at)
    return WishShown(channel_id, contact_id, wish, f"user_preferences:{at.isoformat()}", at)

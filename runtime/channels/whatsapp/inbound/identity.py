"""Who wrote: a business-scoped user id where there is one, else the phone number.

Since 2026 people with a user name may write without showing a number, and some bodies carry the user id
where the number used to stand. A user id has a dot in it (``ES.1349…``), a number never.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from flow_engine.quick_init import quick_init
from flow_engine.vocabulary import JSON, JSONObject
from runtime.channels.reading import as_object, as_text

MAX_CONTACT_ID_CHARS: Final = 256  # a user id has at most 131, a phone number 15


@quick_init
@dataclass(frozen=True, slots=True)
class Sender:
    """The author of a message. ``contact_id`` is what the conversation hangs on."""

    contact_id: str
    name: str | None
    phone: str | None


def is_user_id(value: str) -> bool:
    """Whether this is a business-scoped user id rather than a phone number."""
    return "." in value


def sender_of(message: JSONObject, contacts: Sequence[JSON]) -> Sender | None:
    """The author of ``message``, with what ``contacts`` of the same value adds. ``None`` if nobody is named."""
    origin = as_text(message.get("from"))
    user_id = as_text(message.get("from_user_id")) or (origin if is_user_id(origin) else "")
    phone = "" if is_user_id(origin) else origin
    card = _card_of(user_id, phone, contacts)
    user_id = user_id or as_text(card.get("user_id"))
    if not phone:
        wa_id = as_text(card.get("wa_id"))
        user_id, phone = (user_id or wa_id, "") if is_user_id(wa_id) else (user_id, wa_id)
    contact_id = user_id or phone
    if not contact_id or len(contact_id) > MAX_CONTACT_ID_CHARS:
        return None
    return Sender(contact_id, as_text(as_object(card.get("profile")).get("name")) or None, phone or None)


def _card_of(user_id: str, phone: str, contacts: Sequence[JSON]) -> JSONObject:
    """The contact card of the author. A message that names nobody belongs to the only card there is."""
    for contact in contacts:
        card = as_object(contact)
        wa_id = as_text(card.get("wa_id"))
        if wa_id and wa_id in {phone, user_id}:
            return card
        if user_id and as_text(card.get("user_id")) == user_id:
            return card
    if not user_id and not phone and len(contacts) == 1:
        return as_object(contacts[0])
    return {}

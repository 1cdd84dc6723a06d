"""Who wrote: a business-scoped user id where there is one, else the phone number.

Since 2026 people with a user name may write without showing a number, and some bodies carry the user id
where the number used to stand. A user id has a dot in it (``ES.1349…``), a number never.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from flow_engine.vocabulary import JSON, JSONObject
from runtime.channels.reading import as_object, as_text

MAX_CONTACT_ID_CHARS: Final = 256  # a user id has at most 131, a phone number 15


type Sender = tuple[str, str | None, str | None]
"""The author of a message: what the conversation hangs on, her name, her number. Unpacked as soon as it is made."""


def is_user_id(value: str) -> bool:
    """Whether this is a business-scoped user id rather than a phone number."""
    return "." in value


def sender_of(message: JSONObject, contacts: Sequence[JSON]) -> Sender | None:
    """The author of ``message``, with what ``contacts`` of the same value adds. ``None`` if nobody is named."""
    phone = message.get("from", "")
    if phone.__class__ is not str:
        phone = as_text(phone)
    user_id = as_text(message["from_user_id"]) if "from_user_id" in message else ""
    if "." in phone:
        user_id, phone = user_id or phone, ""
    card = _card_of(user_id, phone, contacts)
    if not user_id:
        user_id = as_text(card.get("user_id"))
    if not phone:
        wa_id = as_text(card.get("wa_id"))
        user_id, phone = (user_id or wa_id, "") if is_user_id(wa_id) else (user_id, wa_id)
    contact_id = user_id or phone
    if not contact_id or len(contact_id) > MAX_CONTACT_ID_CHARS:
        return None
    return contact_id, as_text(as_object(card.get("profile")).get("name")) or None, phone or None


def _card_of(user_id: str, phone: str, contacts: Sequence[JSON]) -> JSONObject:
    """The contact card of the author. A message that names nobody belongs to the only card there is."""
    for contact in contacts:
        card = contact if contact.__class__ is dict else {}
        if user_id and as_text(card.get("user_id")) == user_id:
            return card
        wa_id = as_text(card.get("wa_id"))
        if wa_id and wa_id in (phone, user_id):  # a set made anew each time takes longer
            return card
    if not user_id and not phone and len(contacts) == 1:
        return as_object(contacts[0])
    return {}

"""``HandOff`` as words for the people of the business."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from flow_engine.conversation_state import ConversationState
from flow_engine.effects import Effect, HandOff
from runtime.active_config import ActiveConfig
from runtime.ports.inbox_store import ContactKey
from runtime.ports.notice_store import StaffNotice

NOTIFICATION: Final = "notification"
"""The connector category that tells the staff."""

_WORDS: Final = {
    "en": ("A customer asks for a person", "{who} is waiting for a person on {channel}."),
    "es": ("Un cliente pide hablar con una persona", "{who} espera a una persona en {channel}."),
}
"""Language → subject and first line. The reason is the flow's own word and follows as it stands."""


def staff_notices(
    effects: Iterable[Effect], contact: ContactKey, snapshot: ConversationState, config: ActiveConfig
) -> tuple[StaffNotice, ...]:
    """One notice for each hand-off; none where the tenant has nobody to tell it to."""
    handed_off = [effect for effect in effects if isinstance(effect, HandOff)]
    if not handed_off or NOTIFICATION not in config.registry.categories:
        return ()
    subject, line = _WORDS.get(config.language.partition("-")[0].lower(), _WORDS["en"])
    text = line.format(who=_who(snapshot), channel=contact.channel_id)
    return tuple(StaffNotice(effect.id, contact, subject, f"{text}\n{effect.reason}".strip()) for effect in handed_off)


def _who(snapshot: ConversationState) -> str:
    """Name and number as far as they are known, else the channel's id."""
    name, phone = snapshot.contact.get("name"), snapshot.contact.get("phone")
    known = [part for part in (name, phone or snapshot.contact_id) if isinstance(part, str) and part]
    return f"{known[0]} ({known[1]})" if len(known) > 1 else "".join(known)

"""What a channel tells about a contact or a message beside the messages themselves: a closed union."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flow_engine.messages import InternalMessage
from runtime.wish import Wish


@dataclass(frozen=True, slots=True)
class IdentityChanged:
    """The customer ``previous`` is called ``current`` from ``at`` on; ``phone`` is her number now, where it is told."""

    channel_id: str
    previous: str
    current: str
    at: datetime
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class StaffWrote:
    """Somebody of the business wrote to ``contact_id`` past the bot. ``message_id`` is the channel's id of that."""

    channel_id: str
    profile: str
    contact_id: str
    message_id: str
    at: datetime
    text: str = ""


@dataclass(frozen=True, slots=True)
class WishShown:
    """The channel knows what the customer wants to hear unasked. ``proof`` names the report."""

    channel_id: str
    contact_id: str
    wish: Wish
    proof: str
    at: datetime


@dataclass(frozen=True, slots=True)
class MessageEdited:
    """The customer changed the message ``original_id`` to what ``message`` says."""

    channel_id: str
    original_id: str
    message: InternalMessage


@dataclass(frozen=True, slots=True)
class MessageRevoked:
    """The customer took the message ``original_id`` back."""

    channel_id: str
    original_id: str


type ContactNote = IdentityChanged | StaffWrote | WishShown | MessageEdited | MessageRevoked

"""``InternalMessage``: what a customer sent, in words that no channel owns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from flow_engine.quick_init import quick_init
from flow_engine.vocabulary import JSON, MessageType


@quick_init
@dataclass(frozen=True, slots=True)
class InternalMessage:
    """One message of one customer, as every channel adapter hands it to the engine.

    ``id`` is the channel's own message id and unique within (channel, account).
    ``text`` is what the customer wrote, or the visible title of what was tapped; never ``None``.
    ``payload`` is the id of the tapped button or row, as we sent it; ``None`` for anything not tapped.
    ``content`` carries what only this type has, as plain JSON (``{"latitude": …}``, ``{"media_id": …}``).
    ``replied_to`` is the channel's id of the message being answered or tapped, where the channel tells.
    ``sent_at`` is the channel's own time stamp (aware, UTC). ``late`` says that it came in long after that: what it
    taps on is no longer taken for the open question.
    """

    id: str
    contact_id: str
    type: MessageType
    sent_at: datetime
    text: str = ""
    payload: str | None = None
    content: Mapping[str, JSON] = field(default_factory=dict)
    replied_to: str | None = None
    contact_name: str | None = None
    contact_phone: str | None = None
    late: bool = False

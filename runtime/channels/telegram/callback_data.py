"""An option's id as ``callback_data`` of an inline button: at most 64 bytes, and back again.

An id that is too long travels as a reference, ``*<message>.<index>``: a digest of our message's id and the option's
place in it. The outbox keeps what was sent, so the way back needs nothing that could be lost in between.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass
from typing import Final

from flow_engine.outputs.degradation import options_of
from runtime.ports.outgoing_messages import OutgoingMessages

MAX_BYTES: Final = 64
"""Bot API, InlineKeyboardButton.callback_data: 1-64 bytes."""

_MARK: Final = "*"
_DIGEST_CHARS: Final = 16
"""96 bits: two of one contact's messages will not meet."""
_REFERENCE: Final = re.compile(r"\*([A-Za-z0-9_-]{16})\.(\d{1,3})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Reference:
    """An option by our message and its place in it, from 0."""

    digest: str
    index: int


def callback_data(option_id: str, *, message_id: str, index: int) -> str:
    """The id itself where it fits, else a reference. ``message_id`` is ours."""
    if len(option_id.encode()) <= MAX_BYTES and not option_id.startswith(_MARK):
        return option_id
    return f"{_MARK}{_digest(message_id)}.{index}"


def reference_in(data: str) -> Reference | None:
    """The reference that ``data`` is; ``None`` for an id."""
    found = _REFERENCE.fullmatch(data)
    return Reference(found[1], int(found[2])) if found else None


async def look_up(reference: Reference, outgoing: OutgoingMessages, *, channel_id: str, contact_id: str) -> str | None:
    """The option's id, from what was sent to the contact; ``None`` where that is kept no longer.

    Raises:
        StoreUnavailableError: the outbox cannot be read now.
    """
    after = 0
    while page := await outgoing.list(channel_id, contact_id, after):
        for message in page:
            if _digest(message.id) == reference.digest:
                options = [*options_of(message.output)]
                return options[reference.index].id if reference.index < len(options) else None
        after = page[-1].cursor
    return None


def _digest(message_id: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(message_id.encode()).digest()).decode()[:_DIGEST_CHARS]

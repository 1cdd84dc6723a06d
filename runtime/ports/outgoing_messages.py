"""``OutgoingMessages``: reading what the bot said, for channels that are polled instead of pushed to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from flow_engine.outputs.output import Output


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """One message as the outbox holds it. ``cursor`` rises with every message of the tenant and never changes."""

    cursor: int
    id: str
    contact_id: str
    output: Output
    created_at: datetime


class OutgoingMessages(Protocol):
    """A read-only view; reading deletes nothing and marks nothing."""

    async def list(
        self, channel_id: str, contact_id: str | None = None, after: int = 0, limit: int = 500
    ) -> Sequence[OutgoingMessage]:
        """Messages with ``cursor > after``, oldest first, of one contact or (``None``) of all."""
        ...

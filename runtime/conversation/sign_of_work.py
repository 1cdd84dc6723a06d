"""``SignOfWork``: tells a customer who waits that her message was read and is being answered.

Only calls that take long deserve it; most answers are there sooner than the sign would be.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Final

from flow_engine.messages import InternalMessage
from runtime.ports.inbox_store import ClaimedEvent, ContactKey

SHOWN_AFTER_S: Final = 1.0
"""Below a second nobody wonders."""

SHOWN_AGAIN_AFTER_S: Final = 20.0
"""WhatsApp takes the sign away after 25 seconds."""

type Show = Callable[[ContactKey, str], Awaitable[None]]
"""(contact, the channel's id of the message) → the sign is shown, if the channel has one. Never raises."""


class SignOfWork:
    """Shown after ``after_s``, and again every ``again_s`` (seconds)."""

    def __init__(self, show: Show, *, after_s: float = SHOWN_AFTER_S, again_s: float = SHOWN_AGAIN_AFTER_S) -> None:
        self._show = show
        self._after_s = after_s
        self._again_s = again_s

    @asynccontextmanager
    async def while_working(self, claimed: ClaimedEvent) -> AsyncIterator[None]:
        """The sign comes and stays as long as the block takes; nothing for an event that is no message."""
        if not isinstance(claimed.event, InternalMessage):
            yield
            return
        showing = asyncio.create_task(self._keep_showing(claimed.contact, claimed.event.id), name="sign of work")
        try:
            yield
        finally:
            showing.cancel()
            await asyncio.gather(showing, return_exceptions=True)

    async def _keep_showing(self, contact: ContactKey, message_id: str) -> None:
        await asyncio.sleep(self._after_s)
        while True:
            await self._show(contact, message_id)
            await asyncio.sleep(self._again_s)

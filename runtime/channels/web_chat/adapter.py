"""``WebChatAdapter``: sending means letting the visitor's open streams know."""

from __future__ import annotations

import asyncio
from typing import Final

from runtime.channels.web_chat.config import CHANNEL_ID
from runtime.ports.channel_adapter import ChannelAdapter, OutboundMessage, SendReceipt

PROFILE: Final = "webchat"


class Bell:
    """Rings when there is something to read. ``working`` is set with it where the bot only shows that it is busy."""

    def __init__(self) -> None:
        self.rung = asyncio.Event()
        self.working = False

    def ring(self, *, working: bool = False) -> None:
        self.working = self.working or working
        self.rung.set()

    def calm(self) -> bool:
        """Stand ready for the next ring; whether the last one said that the bot is working."""
        was_working, self.working = self.working, False
        self.rung.clear()
        return was_working


class WebChatAdapter(ChannelAdapter):
    """Needs no provider: a message counts as sent once it is stored, and the widget reads it from there."""

    channel_id = CHANNEL_ID
    profile = PROFILE

    def __init__(self) -> None:
        self._bells: dict[str, set[Bell]] = {}
        self._closed = False

    async def send(self, message: OutboundMessage) -> SendReceipt:
        """Never fails. The provider's id is our own, so a repeated attempt is visibly the same message."""
        for bell in self._bells.get(message.contact_id, ()):
            bell.ring()
        return SendReceipt(provider_message_id=message.id)

    async def show_working(self, contact_id: str, message_id: str) -> None:
        for bell in self._bells.get(contact_id, ()):
            bell.ring(working=True)

    async def close(self) -> None:
        """End every stream: a widget comes back to whatever takes this adapter's place."""
        self._closed = True
        for bells in self._bells.values():
            for bell in bells:
                bell.ring()

    @property
    def closed(self) -> bool:
        return self._closed

    def hang_bell(self, contact_id: str) -> Bell:
        """Rung whenever something goes out to the contact. Given back with ``take_bell_down``."""
        bell = Bell()
        self._bells.setdefault(contact_id, set()).add(bell)
        return bell

    def take_bell_down(self, contact_id: str, bell: Bell) -> None:
        bells = self._bells.get(contact_id, set())
        bells.discard(bell)
        if not bells:
            self._bells.pop(contact_id, None)

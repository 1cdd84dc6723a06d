"""``HttpDevChannelAdapter``: sending means letting the waiting readers know."""

from __future__ import annotations

import asyncio
from typing import Final

from runtime.ports.channel_adapter import ChannelAdapter, OutboundMessage, SendReceipt

CHANNEL_ID: Final = "http_dev"
PROFILE: Final = "http_dev"


class HttpDevChannelAdapter(ChannelAdapter):
    """Needs no provider: a message counts as delivered once it is stored, and readers fetch it."""

    channel_id = CHANNEL_ID
    profile = PROFILE

    def __init__(self) -> None:
        self._bell = asyncio.Event()
        self._closed = False

    async def send(self, message: OutboundMessage) -> SendReceipt:
        """Never fails. The provider's id is our own, so a repeated attempt is visibly the same message."""
        self._ring()
        return SendReceipt(provider_message_id=message.id)

    async def close(self) -> None:
        """Answer every waiting reader now; later ones do not wait at all."""
        self._closed = True
        self._ring()

    @property
    def bell(self) -> asyncio.Event:
        """Set when the next message goes out. Take it before looking, wait on it after finding nothing."""
        return self._bell

    @property
    def closed(self) -> bool:
        return self._closed

    def _ring(self) -> None:
        self._bell.set()
        if not self._closed:
            self._bell = asyncio.Event()

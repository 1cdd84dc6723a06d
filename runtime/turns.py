"""``Turns``: who works on a claimed event, and what follows when it is done."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from runtime.conversation.bot import Bot
from runtime.media import MediaKeeper
from runtime.ports.inbox_store import ClaimedEvent

type Special = Callable[[ClaimedEvent], Awaitable[bool]]
"""Works on the event if it is one of its own; whether it was."""


class Turns:
    """``special`` are asked in order; what none of them takes is the bot's."""

    def __init__(self, bot: Bot, media: MediaKeeper) -> None:
        self._bot = bot
        self._media = media
        self.special: Sequence[Special] = ()

    async def handle(self, claimed: ClaimedEvent) -> None:
        """Work on one event until it is done."""
        for takes in self.special:
            if await takes(claimed):
                return
        await self._bot.handle(claimed)
        await self._media.consider(claimed)

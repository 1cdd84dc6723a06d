"""``UsedKeyboards``: a keyboard that was tapped shows what was chosen and nothing else.

A courtesy, not part of a turn: it is done beside it, its failure is a line in the log, and a crash in between leaves
the keyboard as it was. A tap on it is then known as one on an old message by its stamp.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Final

from flow_engine.vocabulary import JSON
from runtime.channels.telegram.bot_api import BotAPI
from runtime.channels.telegram.inbound import Tapped
from runtime.channels.telegram.words import Words
from runtime.errors import SendError

MOST_AT_ONCE: Final = 50
"""Edits under way. Beyond it Telegram is slow, and a courtesy must not pile up."""

log = logging.getLogger(__name__)


class UsedKeyboards:
    """Edits in tasks of its own. ``api`` belongs to the adapter."""

    def __init__(self, api: BotAPI, words: Words) -> None:
        self._api = api
        self._words = words
        self._edits: set[asyncio.Task[None]] = set()

    def show_choice(self, tap: Tapped) -> None:
        """Leave one button, marked as chosen. Returns at once."""
        title = tap.message.text
        is_shown = tap.message_number is not None and title != tap.message.payload  # else its keyboard is not known
        if tap.message_number is None or not is_shown or len(self._edits) >= MOST_AT_ONCE:
            return
        if title.startswith(self._words.chosen):
            return  # it shows the choice already
        task = asyncio.get_running_loop().create_task(self._edit(tap, tap.message_number, title))
        self._edits.add(task)
        task.add_done_callback(self._edits.discard)

    async def finish(self) -> None:
        """Return when no edit is under way."""
        await asyncio.gather(*self._edits)

    async def _edit(self, tap: Tapped, message_number: int, title: str) -> None:
        chosen: JSON = {"text": f"{self._words.chosen}{title}", "callback_data": tap.message.payload}
        parameters: dict[str, JSON] = {
            "chat_id": tap.message.contact_id,
            "message_id": message_number,
            "reply_markup": {"inline_keyboard": [[chosen]]},
        }
        try:
            await self._api.call("editMessageReplyMarkup", parameters)
        except SendError as error:
            log.info("a used keyboard was left as it is: %s", error.detail)

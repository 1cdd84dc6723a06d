"""``TelegramAdapter``: one Telegram bot as a channel."""

from __future__ import annotations

import logging
from typing import Final

from flow_engine.outputs.output import Media, Output
from flow_engine.vocabulary import JSON
from runtime.channels.telegram.bot_api import BlockedError, BotAPI, MediaRefusedError
from runtime.channels.telegram.config import TelegramChannelConfig
from runtime.channels.telegram.message_id import message_id_of
from runtime.channels.telegram.outbound import Call, in_words, render
from runtime.channels.telegram.used_keyboards import UsedKeyboards
from runtime.channels.telegram.words import Words
from runtime.errors import SendAction, SendError, StoreUnavailableError
from runtime.limits import SendPace
from runtime.ports.channel_adapter import ChannelAdapter, OutboundMessage, ReceivedFile, SendReceipt
from runtime.ports.clock import Clock
from runtime.ports.contact_notes import WishShown
from runtime.ports.inbox import InboundIntake
from runtime.wish import Wish

PROFILE: Final = "telegram"

MESSAGES_PER_S: Final = 25.0  # Telegram's FAQ for bots: about 30 a second to different chats
CHAT_INTERVAL_S: Final = 1.0  # the same: one a second to a single chat
CHAT_BURST: Final = 5  # short bursts are let through

log = logging.getLogger(__name__)


class TelegramAdapter(ChannelAdapter):
    """Sends through ``api``. What Telegram delivers comes in by the bot's route (``webhook``).

    The Bot API takes no idempotency key and reports no delivery: a send whose answer was lost is repeated after a
    wait, and the customer may see it twice (``runtime.send_policy`` bounds how often).
    """

    profile = PROFILE
    pace = SendPace(MESSAGES_PER_S, CHAT_INTERVAL_S, CHAT_BURST)

    def __init__(
        self,
        config: TelegramChannelConfig,
        *,
        api: BotAPI,
        words: Words,
        used_keyboards: UsedKeyboards,
        intake: InboundIntake,
        clock: Clock,
    ) -> None:
        """``api`` is taken over: ``close`` closes it, once the edits of ``used_keyboards`` are done.

        ``intake`` is told who blocked the bot.
        """
        self.channel_id = config.channel_id
        self._intake = intake
        self._clock = clock
        self._api = api
        self._words = words
        self._used_keyboards = used_keyboards

    async def send(self, message: OutboundMessage) -> SendReceipt:
        call = render(message.output, contact_id=message.contact_id, our_id=message.id, words=self._words)
        try:
            result = await self._api.call(call.method, call.parameters)
        except MediaRefusedError:
            result = await self._send_in_words(message)
        except BlockedError:
            await self._note_block(message)
            raise
        return SendReceipt(_sent_id(message, call, result))

    async def show_working(self, contact_id: str, message_id: str) -> None:
        await self._api.call("sendChatAction", {"chat_id": contact_id, "action": "typing"})

    async def fetch_file(self, media_id: str, most_bytes: int) -> ReceivedFile:
        """Telegram tells no type and no hash of a file; its message told the type."""
        match await self._api.call("getFile", {"file_id": media_id}):
            case {"file_size": int(size)} if size > most_bytes:
                raise SendError(SendAction.PARK, f"the file has {size} bytes, {most_bytes} are kept at most")
            case {"file_path": str(file_path)}:
                return ReceivedFile(await self._api.download(file_path, most_bytes), "")
            case _:
                raise SendError(SendAction.PARK, "Telegram hands the file over no longer")

    async def probe(self) -> None:
        await self._api.call("getMe", {})

    async def close(self) -> None:
        await self._used_keyboards.finish()
        await self._api.close()

    async def _note_block(self, message: OutboundMessage) -> None:
        """Who has blocked the bot wants to hear nothing unasked; the message is parked with that reason anyway."""
        wish = WishShown(self.channel_id, message.contact_id, Wish.OUT, message.id, self._clock.now())
        try:
            await self._intake.note([wish])
        except StoreUnavailableError:
            log.warning("that a customer blocked the bot could not be noted")

    async def _send_in_words(self, message: OutboundMessage) -> JSON:
        output: Output = message.output
        if not isinstance(output, Media):
            raise SendError(SendAction.PARK, "Telegram could not fetch a file of the message")
        call = in_words(output, contact_id=message.contact_id)
        return await self._api.call(call.method, call.parameters)


def _sent_id(message: OutboundMessage, call: Call, result: JSON) -> str:
    match result:
        case {"message_id": int(number)}:
            return message_id_of(message.contact_id, str(number))
        case True:  # a reaction is no message of its own
            return f"{call.method}:{message.id}"
        case _:
            raise SendError(SendAction.AMBIGUOUS, "Telegram accepted the message without telling its id")

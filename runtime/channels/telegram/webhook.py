"""``POST /telegram/<bot id>``: what Telegram delivers, one update a request.

Telegram proves itself with the secret that ``setWebhook`` was given. It delivers an update again until it hears 2xx, so
200 also answers what will never become readable (the body is kept), and 503 says that only our disk is to blame. A tap
is answered in the response itself: the Bot API takes one method call there, which saves a request.

Log lines here name kinds and error types, never ids, names or texts.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
from dataclasses import replace
from typing import Final, assert_never

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from flow_engine.messages import InternalMessage
from flow_engine.vocabulary import JSONObject, MessageType
from runtime.channels.telegram.adapter import PROFILE
from runtime.channels.telegram.callback_data import look_up, reference_in
from runtime.channels.telegram.config import TelegramChannelConfig
from runtime.channels.telegram.inbound import BlockChanged, Edited, Passed, Tapped, Unreadable, Written, parse_update
from runtime.channels.telegram.used_keyboards import UsedKeyboards
from runtime.errors import StoreUnavailableError
from runtime.ports.clock import Clock
from runtime.ports.contact_notes import MessageEdited, WishShown
from runtime.ports.inbox import InboundEnvelope, InboundIntake
from runtime.ports.outgoing_messages import OutgoingMessages
from runtime.wish import Wish

SECRET_HEADER: Final = "x-telegram-bot-api-secret-token"  # noqa: S105 - the name of a header
BODY_TIMEOUT_S: Final = 30.0

log = logging.getLogger(__name__)


class TelegramWebhook:
    """The inbound half of one bot."""

    def __init__(
        self,
        config: TelegramChannelConfig,
        *,
        intake: InboundIntake,
        outgoing: OutgoingMessages,
        clock: Clock,
        used_keyboards: UsedKeyboards,
    ) -> None:
        self._config = config
        self._secret = config.webhook_secret.encode()
        self._intake = intake
        self._outgoing = outgoing
        self._clock = clock
        self._used_keyboards = used_keyboards

    def routes(self) -> list[Route]:
        return [Route(self._config.path, self.deliver, methods=["POST"], name="telegram_webhook")]

    async def deliver(self, request: Request) -> Response:
        """200 once the update is on disk, or is nothing to store; 401, 408 and 503 store nothing."""
        shown = request.headers.getlist(SECRET_HEADER)
        if len(shown) != 1 or not hmac.compare_digest(shown[0].encode("latin-1", "replace"), self._secret):
            log.warning("telegram webhook refused: secret missing or wrong")
            return PlainTextResponse("unauthorized\n", status_code=401)
        try:
            async with asyncio.timeout(BODY_TIMEOUT_S):
                body = await request.body()
        except TimeoutError:
            log.warning("telegram webhook refused: body too slow")
            return PlainTextResponse("timeout\n", status_code=408)
        try:
            return await self._take(body)
        except StoreUnavailableError:
            log.error("telegram webhook not stored: the store is unavailable")  # noqa: TRY400 - the store logs why; its trace may quote a row
            return PlainTextResponse("try again later\n", status_code=503)

    async def _take(self, body: bytes) -> Response:
        update = parse_update(body, received_at=self._clock.now())
        match update:
            case Written(message):
                await self._accept(message)
            case Tapped():
                return await self._take_tap(update)
            case Edited(original_id, message):
                await self._intake.note([MessageEdited(self._config.channel_id, original_id, message)])
            case BlockChanged():
                await self._note_block(update)
            case Passed(reason):
                log.info("telegram webhook passed over: %s", reason)
            case Unreadable(reason):
                log.warning("telegram webhook kept unread: %s", reason)
                await self._intake.keep_raw(self._config.channel_id, body, reason)
            case _:
                assert_never(update)
        return JSONResponse({})

    async def _note_block(self, change: BlockChanged) -> None:
        """Who blocks the bot wants to hear nothing unasked. Taking that back is no wish to hear something."""
        log.info("telegram webhook: a customer %s the bot", "blocked" if change.blocked else "unblocked")
        if change.blocked:
            wish = WishShown(self._config.channel_id, change.contact_id, Wish.OUT, change.proof, change.at)
            await self._intake.note([wish])

    async def _take_tap(self, tap: Tapped) -> Response:
        """Stored first; the small clock on the button goes away with the answer, and the keyboard with its choice."""
        message = tap.message
        reference = reference_in(message.payload or "")
        if reference is not None:
            channel_id, contact_id = self._config.channel_id, message.contact_id
            option_id = await look_up(reference, self._outgoing, channel_id=channel_id, contact_id=contact_id)
            # What was sent is kept no longer: the title is the answer, as if it had been typed.
            kind = MessageType.TEXT if option_id is None else message.type
            message = replace(message, payload=option_id, type=kind)
        await self._accept(message)
        self._used_keyboards.show_choice(tap)
        answer: JSONObject = {"method": "answerCallbackQuery", "callback_query_id": tap.query_id}
        return JSONResponse(answer)

    async def _accept(self, message: InternalMessage) -> None:
        await self._intake.accept([InboundEnvelope(self._config.channel_id, PROFILE, message)])

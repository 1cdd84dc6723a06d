"""The two halves of ``/webhook``: Meta's handshake and its deliveries.

A delivery is verified over its raw bytes, read, stored in one batch and only then acknowledged. The
status codes are chosen by what Meta does with them: anything but 200 is delivered again for days, so 200
also answers what will never become readable, and 503 says that only our disk is to blame.

Log lines here name counts, kinds and error types, never ids, numbers or texts.
"""

from __future__ import annotations

import hmac
import logging
from collections import Counter
from collections.abc import Sequence
from typing import Final
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from runtime.channels.whatsapp.body import (
    BODY_TIMEOUT_S,
    BodyTooLargeError,
    BodyTooSlowError,
    ClientGoneError,
    read_body,
    refuse_too_large,
)
from runtime.channels.whatsapp.config import WhatsAppChannelConfig
from runtime.channels.whatsapp.inbound import NoticeKind, ParsedWebhook, UnreadableBody, parse_webhook
from runtime.channels.whatsapp.signature import SIGNATURE_HEADER, signature_is_valid
from runtime.errors import StoreUnavailableError
from runtime.ports.clock import Clock
from runtime.ports.inbox import InboundEnvelope, InboundIntake

logger = logging.getLogger(__name__)

PROFILE: Final = "whatsapp"


class WebhookHandshake:
    """``GET /webhook``: Meta asks whether this address is really ours."""

    def __init__(self, config: WhatsAppChannelConfig) -> None:
        self._verify_token = config.verify_token.encode()

    async def __call__(self, request: Request) -> Response:
        """200 with the challenge for the right token, else 403. The request carries no signature."""
        query = parse_qs(request.scope["query_string"].decode("latin-1"), errors="replace")
        mode, token, challenge = (query.get(f"hub.{key}", [""]) for key in ("mode", "verify_token", "challenge"))
        token_is_right = hmac.compare_digest(token[0].encode(errors="replace"), self._verify_token)
        if mode == ["subscribe"] and len(token) == 1 and len(challenge) == 1 and challenge[0] and token_is_right:
            return PlainTextResponse(challenge[0], headers={"X-Content-Type-Options": "nosniff"})
        logger.warning("whatsapp handshake refused")
        return PlainTextResponse("forbidden\n", status_code=403)


class WebhookReceiver:
    """``POST /webhook`` as a bare ASGI application: the framework's request objects cost half of a delivery."""

    def __init__(
        self,
        config: WhatsAppChannelConfig,
        intake: InboundIntake,
        clock: Clock,
        *,
        body_timeout_s: float = BODY_TIMEOUT_S,
    ) -> None:
        self._phone_number_id = config.phone_number_id
        self._channel_id = config.channel_id
        self._secrets: Sequence[bytes] = (config.app_secret.encode(),)
        self._intake = intake
        self._clock = clock
        self._body_timeout_s = body_timeout_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = await read_body(scope, receive, self._body_timeout_s)
        except BodyTooLargeError:
            logger.warning("whatsapp webhook refused: body too large")
            await refuse_too_large(receive, send)
            return
        except BodyTooSlowError:
            logger.warning("whatsapp webhook refused: body too slow")
            await _answer(send, 408, b"timeout\n")
            return
        except ClientGoneError:
            return
        if not signature_is_valid(_signature_of(scope["headers"]), body, self._secrets):
            logger.warning("whatsapp webhook refused: signature missing or wrong")
            await _answer(send, 401, b"unauthorized\n")
            return
        try:
            await self._store(body)
        except StoreUnavailableError:
            logger.error("whatsapp webhook not stored: the store is unavailable")  # noqa: TRY400 - the store logs why; its trace may quote a row
            await _answer(send, 503, b"try again later\n")
            return
        await _answer(send, 200, b"ok\n")

    async def _store(self, body: bytes) -> None:
        """Every message in one batch, so that a crash in between cannot lose the second half."""
        parsed = self._parse(body)
        if isinstance(parsed, UnreadableBody):
            logger.warning("whatsapp webhook kept unread: %s", parsed.reason)
            await self._intake.keep_raw(self._channel_id, body, parsed.reason)
            return
        if parsed.messages:
            batch = [InboundEnvelope(self._channel_id, PROFILE, message) for message in parsed.messages]
            await self._intake.accept(batch)
        if parsed.statuses:
            await self._intake.record_statuses(parsed.statuses)
        kinds = Counter(notice.kind.value for notice in parsed.notices)
        if NoticeKind.UNREADABLE.value in kinds:
            await self._intake.keep_raw(self._channel_id, body, "partly_unreadable")
        if kinds:
            logger.info("whatsapp webhook notices: %s", dict(kinds))

    def _parse(self, body: bytes) -> ParsedWebhook | UnreadableBody:
        """The parser is total by its tests. If it fails all the same, the body must not come back for a week."""
        try:
            return parse_webhook(
                body,
                phone_number_id=self._phone_number_id,
                channel_id=self._channel_id,
                received_at=self._clock.now(),
            )
        except Exception as failure:  # noqa: BLE001 - see the docstring; the body is kept and the type is logged
            logger.error("whatsapp webhook parser failed: %s", type(failure).__name__)  # noqa: TRY400 - a trace quotes the body
            return UnreadableBody("parser_failed")


def _signature_of(headers: Sequence[tuple[bytes, bytes]]) -> bytes | None:
    """The one signature header. Two of them are an attempt to be read differently by two readers."""
    found = [value for name, value in headers if name == SIGNATURE_HEADER]
    return found[0] if len(found) == 1 else None


async def _answer(send: Send, status: int, body: bytes) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})

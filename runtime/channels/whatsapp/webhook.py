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
from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import parse_qs

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Message, Receive, Scope, Send

from runtime.channels.whatsapp.config import WhatsAppChannelConfig
from runtime.channels.whatsapp.inbound import NoticeKind, ParsedWebhook, UnreadableBody, notes_of, parse_webhook
from runtime.channels.whatsapp.signature import SIGNATURE_HEADER, SignatureCheck
from runtime.errors import StoreUnavailableError
from runtime.ports.clock import Clock
from runtime.ports.contact_notes import IdentityChanged
from runtime.ports.inbox import AcceptResult, InboundIntake
from runtime.web.raw_body import (
    BODY_TIMEOUT_S,
    BodyTooLargeError,
    BodyTooSlowError,
    ClientGoneError,
    read_body,
    refuse_too_large,
)

NOTHING: Final = AcceptResult(stored=0, duplicates=0)

logger = logging.getLogger(__name__)


class WebhookHandshake:
    """``GET /webhook``: Meta asks whether this address is really ours."""

    def __init__(self, numbers: Sequence[WhatsAppChannelConfig]) -> None:
        self._verify_tokens = [config.verify_token.encode() for config in numbers]

    async def __call__(self, request: Request) -> Response:
        """200 with the challenge for the right token, else 403. The request carries no signature."""
        query = parse_qs(request.scope["query_string"].decode("latin-1"), errors="replace")
        mode, token, challenge = (query.get(f"hub.{key}", [""]) for key in ("mode", "verify_token", "challenge"))
        shown = token[0].encode(errors="replace")
        token_is_right = any(hmac.compare_digest(shown, known) for known in self._verify_tokens)
        if mode == ["subscribe"] and len(token) == 1 and len(challenge) == 1 and challenge[0] and token_is_right:
            return PlainTextResponse(challenge[0], headers={"X-Content-Type-Options": "nosniff"})
        logger.warning("whatsapp handshake refused")
        return PlainTextResponse("forbidden\n", status_code=403)


class WebhookReceiver:
    """``POST /webhook`` as a bare ASGI application: the framework's request objects cost half of a delivery.

    All numbers of a tenant share it. Which one a part of a body is for stands in the part (``phone_number_id``); a body
    counts only for the numbers whose app secret signed it, so that one app cannot speak for another's number.
    """

    self_reliant = True

    def __init__(
        self,
        numbers: Sequence[WhatsAppChannelConfig],
        intake: InboundIntake,
        clock: Clock,
        *,
        body_timeout_s: float = BODY_TIMEOUT_S,
    ) -> None:
        of_secrets: dict[bytes, dict[str, str]] = {}
        for config in numbers:
            of_secret = of_secrets.setdefault(config.app_secret.encode(), {})
            of_secret[config.phone_number_id] = config.channel_id
        self._signed_by = [(SignatureCheck(secret), of) for secret, of in of_secrets.items()]
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
        signature = _signature_of(scope["headers"])
        # Every secret is tried even after a match, so the time taken does not tell which one is in use.
        numbers = [of for check, of in self._signed_by if check.accepts(signature, body)]
        if not numbers:
            logger.warning("whatsapp webhook refused: signature missing or wrong")
            await _answer(send, 401, b"unauthorized\n")
            return
        try:
            await self.take_in(body, numbers[0])
        except StoreUnavailableError:
            logger.error("whatsapp webhook not stored: the store is unavailable")  # noqa: TRY400 - the store logs why; its trace may quote a row
            await _answer(send, 503, b"try again later\n")
            return
        await send(STORED_START)
        await send(STORED_BODY)

    async def take_in(self, body: bytes, numbers: Mapping[str, str]) -> AcceptResult:
        """Store an authentic body; ``numbers`` maps phone number ids to the channels it may speak for.

        Every message in one batch, so that a crash in between cannot lose the second half.

        Raises:
            StoreUnavailableError: nothing was stored.
        """
        parsed = self._parse(body, numbers)
        if isinstance(parsed, UnreadableBody):
            first_channel = next(iter(numbers.values()))
            logger.warning("whatsapp webhook kept unread: %s", parsed.reason)
            await self._intake.keep_raw(first_channel, body, parsed.reason)
            return NOTHING
        if not parsed.notices and not parsed.statuses:  # nearly every delivery, and the one that has to be fast
            return await self._intake.accept(parsed.messages) if parsed.messages else NOTHING
        accepted = await self._hand_over(parsed)
        kinds = Counter(notice.kind.value for notice in parsed.notices)
        if NoticeKind.UNREADABLE.value in kinds:
            first_channel = next(iter(numbers.values()))
            await self._intake.keep_raw(first_channel, body, "partly_unreadable")
        if kinds:
            logger.info("whatsapp webhook notices: %s", dict(kinds))
        return accepted

    async def _hand_over(self, parsed: ParsedWebhook) -> AcceptResult:
        """Changes of identity first, so that what the customer writes in the same breath finds her conversation."""
        notes = notes_of(parsed.notices, self._clock.now())
        if changes := [note for note in notes if isinstance(note, IdentityChanged)]:
            await self._intake.note(changes)
        accepted = await self._intake.accept(parsed.messages) if parsed.messages else NOTHING
        if parsed.statuses:
            await self._intake.record_statuses(parsed.statuses)
        if others := [note for note in notes if not isinstance(note, IdentityChanged)]:
            await self._intake.note(others)
        return accepted

    def _parse(self, body: bytes, numbers: Mapping[str, str]) -> ParsedWebhook | UnreadableBody:
        """The parser is total by its tests. If it fails all the same, the body must not come back for a week."""
        try:
            return parse_webhook(body, channel_of=numbers.get, received_at=self._clock.now())
        except Exception as failure:  # noqa: BLE001 - see the docstring; the body is kept and the type is logged
            logger.error("whatsapp webhook parser failed: %s", type(failure).__name__)  # noqa: TRY400 - a trace quotes the body
            return UnreadableBody("parser_failed")


def _signature_of(headers: Sequence[tuple[bytes, bytes]]) -> bytes | None:
    """The one signature header. Two of them are an attempt to be read differently by two readers."""
    found = [value for name, value in headers if name == SIGNATURE_HEADER]
    return found[0] if len(found) == 1 else None


async def _answer(send: Send, status: int, body: bytes) -> None:
    await send(_start(status, body))
    await send({"type": "http.response.body", "body": body})


def _start(status: int, body: bytes) -> Message:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    return {"type": "http.response.start", "status": status, "headers": headers}


STORED: Final = b"ok\n"
STORED_START: Final = _start(200, STORED)
STORED_BODY: Final[Message] = {"type": "http.response.body", "body": STORED}
"""The answer to nearly every delivery, made once; a server only reads it."""

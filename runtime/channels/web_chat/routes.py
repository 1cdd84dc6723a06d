"""The inbound half of the web chat: who visits, what they say, and the stream of what the bot says.

GET  /widget                    a page that shows nothing but the chat
GET  /widget/files/<name>       the widget's own files
POST /widget/session            {"visitor"?} → {"visitor", "expires_at", "name", "language"}
POST /widget/messages           one message of the visitor → 202 {"duplicate"}
GET  /widget/events             server-sent events; Last-Event-ID resumes

A visitor shows the signed id as a bearer token. It is never part of an address, so no log and no history keeps it.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from flow_engine.vocabulary import JSONObject
from runtime.channels.services import ChannelServices
from runtime.channels.web_chat.adapter import PROFILE
from runtime.channels.web_chat.guard import Guard, RefusedError
from runtime.channels.web_chat.inbound import NotAMessageError, read_message
from runtime.channels.web_chat.limits import BODY_BYTES
from runtime.channels.web_chat.origins import Origins, answer_headers, preflight_headers
from runtime.channels.web_chat.streams import Streams, TooManyStreamsError
from runtime.channels.web_chat.visitor import Visitors
from runtime.errors import StoreUnavailableError
from runtime.ports.inbox import InboundEnvelope
from runtime.web.answers import NO_STORE, answer, refusal
from runtime.web.page_folder import PageFolder
from runtime.web.strict_json import read_strict_json

_HIGHEST_CURSOR: Final = 2**53 - 1
_RETRY_AFTER_S: Final = "2"

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class WebChatRoutes:
    """``guard`` decides who is let in; everything behind it is for a visitor we know, from a page that may ask."""

    services: ChannelServices
    channel_id: str
    origins: Origins
    visitors: Visitors
    guard: Guard
    streams: Streams
    files: PageFolder

    def routes(self) -> Sequence[Route]:
        return [
            Route("/widget", self.files.page, methods=["GET"]),
            Route("/widget/files/{name}", self.files.file, methods=["GET"]),
            Route("/widget/session", self.session, methods=["POST"]),
            Route("/widget/messages", self.messages, methods=["POST"]),
            Route("/widget/events", self.events, methods=["GET"]),
            *(Route(f"/widget/{name}", self.preflight, methods=["OPTIONS"]) for name in _API),
        ]

    async def preflight(self, request: Request) -> Response:
        """What a browser asks before it lets another site's page ask."""
        origin = self.origins.origin_of(request)
        if origin is None:
            return Response(status_code=403, headers={"Vary": "Origin"})
        return Response(status_code=204, headers=dict(preflight_headers(origin)))

    async def session(self, request: Request) -> Response:
        """A visitor's id: the one that is shown, good for another month, or a new one."""
        try:
            self.guard.let_page_in(request)
            shown = (await _body(request)).get("visitor")
            now = self.services.clock.now()
            known = self.visitors.read(shown, now) if isinstance(shown, str) else None
            if known is None:
                self.guard.count_new_visitor(request)
        except RefusedError as refused:
            return self._readable(request, refused.answer)
        token, visitor = self.visitors.issue(now, known.contact_id if known else None)
        told: JSONObject = {
            "visitor": token,
            "expires_at": visitor.expires_at.isoformat(),
            "name": self.services.business_name,
            "language": self.services.language,
        }
        return self._readable(request, answer(told))

    async def messages(self, request: Request) -> Response:
        """202 once the message is on disk; a refusal stores nothing."""
        return self._readable(request, await self._take_message(request))

    async def events(self, request: Request) -> Response:
        """What the bot says from ``Last-Event-ID`` on, for as long as it is read."""
        return self._readable(request, self._open_stream(request))

    async def _take_message(self, request: Request) -> Response:
        try:
            visitor = self.guard.let_visitor_in(request)
            self.guard.count_message(visitor)
            body = await _body(request)
            message = read_message(body, contact_id=visitor.contact_id, now=self.services.clock.now())
        except RefusedError as refused:
            return refused.answer
        except NotAMessageError as error:
            return refusal(422, "invalid_message", f"Nothing was stored: {error}.")
        try:
            accepted = await self.services.intake.accept([InboundEnvelope(self.channel_id, PROFILE, message)])
        except StoreUnavailableError:
            return _try_again("Nothing was stored: the database cannot be written now.")
        return answer({"duplicate": accepted.stored == 0}, status=202)

    def _open_stream(self, request: Request) -> Response:
        try:
            visitor = self.guard.let_reader_in(request)
        except RefusedError as refused:
            return refused.answer
        after = request.headers.get("last-event-id", "0")
        if not (after.isascii() and after.isdigit() and len(after) <= len(str(_HIGHEST_CURSOR))):
            return refusal(422, "invalid_cursor", "Last-Event-ID must be the id of an event you have.")
        try:
            stream = self.streams.open(visitor.contact_id, after=min(int(after), _HIGHEST_CURSOR))
        except TooManyStreamsError:
            log.warning("web chat: as many streams as there may be are open")
            return _try_again("Too many visitors at once.")
        # X-Accel-Buffering: nginx would keep small events back until its buffer is full.
        headers = {**NO_STORE, "X-Accel-Buffering": "no"}
        return StreamingResponse(stream, media_type="text/event-stream", headers=headers)

    def _readable(self, request: Request, response: Response) -> Response:
        """With the headers that let the page read it, where it is one that may."""
        response.headers.update(answer_headers(self.origins.origin_of(request)))
        return response


_API: Final = ("session", "messages", "events")


async def _body(request: Request) -> JSONObject:
    """The JSON object of a small body. Raises ``RefusedError``."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise RefusedError(refusal(415, "not_json", "Send JSON."))
    chunks = bytearray()
    async for chunk in request.stream():
        chunks += chunk
        if len(chunks) > BODY_BYTES:
            raise RefusedError(refusal(413, "body_too_large", f"A body may have {BODY_BYTES} bytes."))
    try:
        body = read_strict_json(bytes(chunks))
    except ValueError as error:
        raise RefusedError(refusal(400, "malformed_json", f"Nothing was stored: {error}.")) from error
    if not isinstance(body, dict):
        raise RefusedError(refusal(422, "invalid_message", "Nothing was stored: the body must be an object."))
    return body


def _try_again(message: str) -> Response:
    return refusal(503, "try_again", f"{message} Try again.", headers={"Retry-After": _RETRY_AFTER_S})

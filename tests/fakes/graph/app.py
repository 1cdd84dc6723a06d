"""The fake's HTTP surface.

POST   /{version}/{phone_number_id}/messages   as the Graph API: bearer token, strict checks, windows, templates, wamids
POST   /{version}/{phone_number_id}/media      an upload
GET    /{version}/{phone_number_id}            the number itself
GET    /{version}/{media_id}                   where a customer's file is
GET    /_media/{media_id}                      the file
GET    /_sent[?to=&type=&after=]               what was accepted, oldest first
DELETE /_sent                                  forget everything, faults included
POST   /_script                                one fault or a list of them (fields of ``Fault``)
GET    /                                       the same for people
"""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from tests.fakes.graph.ledger import Fault, Ledger, Sent
from tests.fakes.graph.media_room import MediaRoom
from tests.fakes.graph.multipart import read_form
from tests.fakes.graph.page import render
from tests.fakes.graph.reading import problems_of_reading
from tests.fakes.graph.status_webhooks import StatusWebhooks
from tests.fakes.graph.template_shelf import Refusal, TemplateShelf
from tests.fakes.graph.throttles import Throttles
from tests.fakes.graph.validation import problems_of
from tests.fakes.graph.windows import Windows

MEDIA_KINDS = ("image", "video", "audio", "document", "sticker")


class GraphApp:
    """The application and its memory. Empty ``tokens`` or ``phone_number_ids`` mean: any."""

    def __init__(self, tokens: frozenset[str], phone_number_ids: frozenset[str]) -> None:
        self.ledger = Ledger()
        self.statuses: StatusWebhooks | None = None
        self.stopping = asyncio.Event()
        self.windows = Windows()
        self.templates = TemplateShelf()
        self.throttles = Throttles()
        self.media = MediaRoom()
        self.tokens = set(tokens)
        self._expired = False
        self._phone_number_ids = phone_number_ids
        self.reports: set[asyncio.Task[None]] = set()
        self.asgi = Starlette(
            routes=[
                Route("/", self._page, methods=["GET"]),
                Route("/_sent", self._sent, methods=["GET", "DELETE"]),
                Route("/_script", self._script, methods=["POST"]),
                Route("/_media/{media_id}", self._file, methods=["GET"]),
                Route("/{version}/{phone_number_id}/messages", _BareEndpoint(self), methods=["POST"]),
                Route("/{version}/{phone_number_id}/media", self._upload, methods=["POST"]),
                Route("/{version}/{object_id}", self._object, methods=["GET"]),
            ]
        )

    async def stop(self) -> None:
        """Let go of what hangs, and wait for the reports that are under way."""
        self.stopping.set()
        await asyncio.gather(*self.reports)

    async def _page(self, request: Request) -> Response:
        return HTMLResponse(render(self.ledger.sent))

    async def _sent(self, request: Request) -> Response:
        if request.method == "DELETE":
            self.ledger.forget()
            return JSONResponse([])
        to, kind = request.query_params.get("to"), request.query_params.get("type")
        after = int(request.query_params.get("after", "0"))
        found = [
            item.as_json()
            for item in self.ledger.sent
            if item.seq > after and to in {None, item.to, f"+{item.to}"} and kind in {None, item.body.get("type")}
        ]
        return JSONResponse(found)

    async def _script(self, request: Request) -> Response:
        try:
            wanted = await request.json()
            self.ledger.script(*(Fault(**item) for item in (wanted if isinstance(wanted, list) else [wanted])))
        except (TypeError, ValueError) as fault:
            return JSONResponse({"problem": str(fault)}, status_code=400)
        return JSONResponse({"scripted": True})

    def expire_tokens(self) -> None:
        """No token is good any more, until one is added to ``tokens``."""
        self.tokens.clear()
        self._expired = True

    async def _upload(self, request: Request) -> Response:
        refusal = self._stranger(request) or self._wrong_number(request.path_params["phone_number_id"])
        if refusal is not None:
            return refusal
        fields, file = read_form(request.headers.get("content-type", ""), await request.body())
        if file is None:
            return self._error(400, 100, "file is missing", None)
        try:
            media_id = self.media.upload(fields, *file)
        except ValueError as fault:
            return self._error(400, 131053, str(fault), None)
        return JSONResponse({"id": media_id})

    async def _object(self, request: Request) -> Response:
        if (refusal := self._stranger(request)) is not None:
            return refusal
        object_id = request.path_params["object_id"]
        url = str(request.base_url) + f"_media/{object_id}"
        if (described := self.media.description_of(object_id, url)) is not None:
            return JSONResponse(described)
        return self._wrong_number(object_id) or JSONResponse({"id": object_id})

    async def _file(self, request: Request) -> Response:
        if (refusal := self._stranger(request)) is not None:
            return refusal
        file = self.media.inbound.get(request.path_params["media_id"])
        if file is None:
            return self._error(404, 131052, "media is gone", None)
        self.media.downloads.append(request.path_params["media_id"])
        return Response(file.content, media_type=file.mime_type)

    async def answer(self, request: Request) -> Response | None:
        """The response, or ``None`` for a connection to be cut."""
        version, phone_number_id = request.path_params["version"], request.path_params["phone_number_id"]
        body = _decode(await request.body())
        refusal = self._stranger(request) or self._wrong_number(phone_number_id)
        if refusal is not None:
            return refusal
        if isinstance(body, dict) and "status" in body:
            return self._read(body)
        if problems := problems_of(body):
            return self._error(400, 100, "; ".join(problems), None)
        to = str(body.get("to") or body.get("recipient")).lstrip("+")
        fault = self.ledger.next_fault(to)
        match fault:
            case Fault(kind="fail"):
                return self._error(fault.status, fault.code, "scripted failure", fault.retry_after)
            case Fault(kind="throttle"):
                return self._error(400, 130429, "rate limit hit", fault.retry_after)
            case _:
                pass
        if (refused := self._refused(phone_number_id, to, body)) is not None:
            return self._error(*refused, None)
        sent = None
        if fault is None or fault.accepted:
            sent = self.ledger.accept(phone_number_id, version, to, body)
            self._report(sent)
        match fault:
            case Fault(kind="hang"):
                await self._hang(fault.seconds)
            case Fault(kind="cut"):
                return None
            case _:
                pass
        return self._accepted(sent, body) if sent is not None else self._error(503, 2, "gave up", None)

    def _refused(self, phone_number_id: str, to: str, body: dict[str, Any]) -> Refusal | None:
        """What a well-formed message is refused for: too fast, too late, no such template, no such file."""
        kind = body.get("type", "text")
        if (too_fast := self.throttles.refusal_of(phone_number_id, to)) is not None:
            return too_fast
        if kind == "template":
            return self.templates.refusal_of(body["template"])
        if not self.windows.is_open(phone_number_id, to):
            return 400, 131047, "re-engagement message: more than 24 hours have passed"
        media_id = body.get(kind, {}).get("id") if kind in MEDIA_KINDS else None
        if media_id is not None and self.media.uploaded and media_id not in self.media.uploaded:
            return 400, 131053, "no such media id"
        return None

    def _read(self, body: dict[str, Any]) -> Response:
        if problems := list(problems_of_reading(body)):
            return self._error(400, 100, "; ".join(problems), None)
        self.ledger.read.append(body)
        return JSONResponse({"success": True})

    def _stranger(self, request: Request) -> Response | None:
        authorization, version = request.headers.get("authorization", ""), request.path_params.get("version", "v0.0")
        token = authorization.removeprefix("Bearer ")
        known = not self._expired if not self.tokens else token in self.tokens
        if token == authorization or not token or not known:
            return self._error(401, 190, "invalid OAuth access token", None)
        if not re.fullmatch(r"v\d+\.\d+", version):
            return self._error(400, 2500, "unknown path components", None)
        return None

    def _wrong_number(self, phone_number_id: str) -> Response | None:
        if self._phone_number_ids and phone_number_id not in self._phone_number_ids:
            return self._error(400, 100, "unsupported post request: no such object", None)
        return None

    def _error(self, status: int, code: int, message: str, retry_after: int | None) -> Response:
        self.ledger.refused.append(f"{code} {message}")
        error = {
            "message": f"(#{code}) {message}",
            "type": "OAuthException",
            "code": code,
            "error_data": {"messaging_product": "whatsapp", "details": message},
            "fbtrace_id": "AfakeTraceId",
        }
        headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
        return JSONResponse({"error": error}, status_code=status, headers=headers)

    def _accepted(self, sent: Sent, body: dict[str, Any]) -> Response:
        contact = {"input": body.get("to") or body["recipient"]}
        contact |= {"wa_id": sent.to} if "to" in body else {"user_id": sent.to}
        return JSONResponse({"messaging_product": "whatsapp", "contacts": [contact], "messages": [{"id": sent.wamid}]})

    def _report(self, sent: Sent) -> None:
        if self.statuses is not None:
            task = asyncio.create_task(self.statuses.report(sent))
            self.reports.add(task)
            task.add_done_callback(self.reports.discard)

    async def _hang(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self.stopping.wait()
        except TimeoutError:
            return


class _BareEndpoint:
    """Needs the connection itself, to cut it."""

    def __init__(self, app: GraphApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self._app.answer(Request(scope, receive))
        if response is not None:
            await response(scope, receive, send)
            return
        # ASGI has no word for dropping a connection; uvicorn's receive is a method of the object that owns it.
        connection: Any = getattr(receive, "__self__", None)
        connection.transport.abort()
        await asyncio.sleep(0)


def _decode(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None

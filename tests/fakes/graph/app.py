"""The fake's HTTP surface.

POST   /{version}/{phone_number_id}/messages   as the Graph API: bearer token, strict checks, wamids
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
from tests.fakes.graph.page import render
from tests.fakes.graph.status_webhooks import StatusWebhooks
from tests.fakes.graph.validation import problems_of

SERVER_ERRORS = {131000, 131016, 131057}


class GraphApp:
    """The application and its memory. Empty ``tokens`` or ``phone_number_ids`` mean: any."""

    def __init__(self, tokens: frozenset[str], phone_number_ids: frozenset[str]) -> None:
        self.ledger = Ledger()
        self.statuses: StatusWebhooks | None = None
        self.stopping = asyncio.Event()
        self._tokens = tokens
        self._phone_number_ids = phone_number_ids
        self._reports: set[asyncio.Task[None]] = set()
        self.asgi = Starlette(
            routes=[
                Route("/", self._page, methods=["GET"]),
                Route("/_sent", self._sent, methods=["GET", "DELETE"]),
                Route("/_script", self._script, methods=["POST"]),
                Route("/{version}/{phone_number_id}/messages", _BareEndpoint(self), methods=["POST"]),
            ]
        )

    async def stop(self) -> None:
        """Let go of what hangs, and wait for the reports that are under way."""
        self.stopping.set()
        await asyncio.gather(*self._reports)

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

    async def answer(self, request: Request) -> Response | None:
        """The response, or ``None`` for a connection to be cut."""
        version, phone_number_id = request.path_params["version"], request.path_params["phone_number_id"]
        body = _decode(await request.body())
        refusal = self._refusal(request.headers.get("authorization", ""), version, phone_number_id, body)
        if refusal is not None:
            return refusal
        to = str(body.get("to") or body.get("recipient")).lstrip("+")
        fault = self.ledger.next_fault(to)
        match fault:
            case Fault(kind="fail"):
                return self._error(fault.status, fault.code, "scripted failure", fault.retry_after)
            case Fault(kind="throttle"):
                return self._error(400, 130429, "rate limit hit", fault.retry_after)
            case _:
                pass
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

    def _refusal(self, authorization: str, version: str, phone_number_id: str, body: Any) -> Response | None:
        token = authorization.removeprefix("Bearer ")
        if token == authorization or not token or (self._tokens and token not in self._tokens):
            return self._error(401, 190, "invalid OAuth access token", None)
        if not re.fullmatch(r"v\d+\.\d+", version):
            return self._error(400, 2500, "unknown path components", None)
        if self._phone_number_ids and phone_number_id not in self._phone_number_ids:
            return self._error(400, 100, "unsupported post request: no such object", None)
        problems = problems_of(body)
        return self._error(400, 100, "; ".join(problems), None) if problems else None

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
            self._reports.add(task)
            task.add_done_callback(self._reports.discard)

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

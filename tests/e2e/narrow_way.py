"""Between a runtime and its control plane: everything passes, until only one question for requests does."""

from __future__ import annotations

import asyncio
import json
from typing import Final

import httpx2
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

_MOMENT_S: Final = 0.01

HELD_S: Final = 60.0
"""Longer than a control plane holds a question."""


class NarrowWay:
    """Questions for requests are answered with none until ``one_question``; from then on nothing else passes at all.

    So what the runtime is asked after that can only reach it in the answer to the one question that it has put.
    """

    def __init__(self, control_plane: str) -> None:
        self._control_plane = control_plane
        self._narrow = False
        self._passing = 0
        self._may_ask = False
        self.asked = asyncio.Event()

    async def one_question(self) -> None:
        """Returns once the next question is on its way to the control plane, and nothing else is."""
        self._narrow, self._may_ask = True, True
        self.asked.clear()
        await self.asked.wait()
        while self._passing:
            await asyncio.sleep(_MOMENT_S)

    def widen(self) -> None:
        self._narrow = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        body, asks = await request.body(), request.url.path.endswith("/commands")
        if asks and self._narrow and self._may_ask:
            self._may_ask = False
            self.asked.set()
            answer = await self._pass(request, body)
        elif asks and not self._narrow:
            answer = Response(json.dumps({"commands": []}), media_type="application/json")
        elif self._narrow:
            answer = Response(status_code=503)
        else:
            self._passing += 1
            try:
                answer = await self._pass(request, body)
            finally:
                self._passing -= 1
        await answer(scope, receive, send)

    async def _pass(self, request: Request, body: bytes) -> Response:
        url = f"{self._control_plane}{request.url.path}?{request.url.query}"
        headers = {name: value for name, value in request.headers.items() if name not in {"host", "content-length"}}
        async with httpx2.AsyncClient(trust_env=False, timeout=HELD_S) as http:
            answer = await http.request(request.method, url, content=body, headers={**headers, "accept-encoding": ""})
        kept = {name: value for name, value in answer.headers.items() if name in {"etag", "content-type"}}
        return Response(answer.content, answer.status_code, kept)

"""A server that knows one model and answers every look-up the same way."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


@dataclass(frozen=True, slots=True)
class Look:
    """One request, with the key it brought in whichever header."""

    method: str
    path: str
    key: str


class ModelDirectory:
    """``seen`` lists what was asked, in order."""

    def __init__(self, status: int, body: str) -> None:
        self.seen: list[Look] = []
        self._answer = (status, body)
        self.app = Starlette(routes=[Route("/{path:path}", self._look, methods=["GET", "POST"])])

    async def _look(self, request: Request) -> Response:
        bearer = request.headers.get("authorization", "").removeprefix("Bearer ")
        self.seen.append(Look(request.method, request.url.path, request.headers.get("x-api-key", bearer)))
        status, body = self._answer
        return Response(body, status_code=status, media_type="application/json")

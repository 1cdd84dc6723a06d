"""A small REST API of a studio, with everything a real one does wrong on command."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

CUSTOMERS = {"+34600111222": {"id": "c1", "name": "Ana"}}
CLASSES = [
    {"id": n, "name": f"Yoga {n}", "price": 12.0 if n % 2 else 9.5, "teacher": {"name": "Eva"}} for n in range(14)
]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it arrived."""

    method: str
    target: str
    headers: dict[str, str]
    body: Any


@dataclass
class RestAPI:
    """``asked`` lists every request. ``next_answers`` are given first, in order."""

    asked: list[Asked] = field(default_factory=list)
    next_answers: list[Response] = field(default_factory=list)
    elsewhere: str = ""

    def app(self) -> Starlette:
        methods = ["GET", "POST", "PUT", "PATCH", "DELETE"]
        return Starlette(routes=[Route("/{path:path}", self._answer, methods=methods)])

    async def _answer(self, request: Request) -> Response:
        raw = await request.body()
        target = request.scope["raw_path"].decode() + (f"?{request.url.query}" if request.url.query else "")
        body = json.loads(raw) if raw else None
        self.asked.append(Asked(request.method, target, dict(request.headers), body))
        if self.next_answers:
            return self.next_answers.pop(0)
        match request.url.path.strip("/").split("/"):
            case ["customers"]:
                found = CUSTOMERS.get(request.query_params.get("phone", ""))
                return JSONResponse({"ok": found is not None, "customer": found})
            case ["classes", _day]:
                return JSONResponse({"items": CLASSES})
            case ["classes", _, "members"]:
                return JSONResponse({"member": body}, status_code=201)
            case ["moved"]:
                return RedirectResponse(self.elsewhere)
            case ["hang"]:
                await asyncio.sleep(60)
                return Response()
            case ["endless"]:
                return StreamingResponse(_endless())
            case ["nothing"]:
                return Response(status_code=204)
            case ["page"]:
                return Response("<html>", media_type="text/html")
            case ["status"]:
                known = request.headers.get("authorization") == "Bearer sk-studio-0123456789"
                return JSONResponse({}, status_code=200 if known else 401)
            case _:
                return JSONResponse({"error": "no such thing"}, status_code=404)


async def _endless() -> AsyncIterator[bytes]:
    while True:
        yield b"x" * 100_000
        await asyncio.sleep(0)

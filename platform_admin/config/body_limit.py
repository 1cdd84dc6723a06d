"""The size of a request, bounded where it comes in: what is too long is refused before anything keeps it.

A length that is announced is judged by the announcement; a body without one (``Transfer-Encoding: chunked``) is counted
while it arrives, and no more of it is read than the limit. Both get 413, and the connection is closed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from django.utils import translation

from platform_admin.config.csp import POLICY
from platform_admin.config.error_pages import MACHINES, TOO_LARGE, page
from platform_admin.config.response_headers import ALWAYS, NOT_KEPT
from platform_admin.config.tickets import read_ticket

type Scope = dict[str, Any]
type Message = Mapping[str, Any]
type Receive = Callable[[], Awaitable[Message]]
type Send = Callable[[Message], Awaitable[None]]
type App = Callable[[Scope, Receive, Send], Awaitable[None]]

MAX_BODY_BYTES: Final = 1024 * 1024 + 64 * 1024
"""What Django itself reads of a form (DATA_UPLOAD_MAX_MEMORY_SIZE), and the names and borders around it."""

LARGER: Final[Mapping[re.Pattern[str], int]] = {
    re.compile(r"/webhooks/whatsapp\Z"): 4_000_000,  # Meta sends up to 3 MB
    re.compile(r"/admin/authoring/[^/]+/copy/(look|restore)\Z"): 5 * 1024 * 1024 + 64 * 1024,
    re.compile(r"/api/runtime/v1/tenants/[^/]+/exports/[^/]+\Z"): 20 * 1024 * 1024 + 1024,
    re.compile(r"/api/runtime/v1/tenants/[^/]+/report\Z"): 1024 * 1024 + 1024,
}
"""Addresses that take more, with their own limit in bytes; the views refuse by the same numbers in their own words."""


MAX_COPY_BYTES: Final = 2 * 1024**3
"""Of a tenant's state: two hundred thousand conversations and their pictures."""

_COPY: Final = re.compile(r"/api/runtime/v1/tenants/[^/]+/copies/([^/]+)\Z")


def limit_of(path: str) -> int:
    """Bytes that may be sent to ``path``. So much as a copy has, only whoever was given a ticket for one may send."""
    found = _COPY.match(path)
    if found is not None and read_ticket(found[1]) is not None:
        return MAX_COPY_BYTES
    return next((limit for pattern, limit in LARGER.items() if pattern.match(path)), MAX_BODY_BYTES)


class _TooLongError(Exception):
    """The body went over the limit while it was read."""


class BodyLimit:
    """An ASGI application around another."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        announced = _announced(scope)
        if announced and announced > limit_of(scope["path"]):
            await _refuse(scope, send)
            return
        counted = _Counted(scope["path"], receive, send)
        try:
            await self._app(scope, counted.receive, counted.send)
        except _TooLongError:
            if not counted.answered:
                await _refuse(scope, send)


class _Counted:
    """``receive`` and ``send`` of one request, with the bytes that came and whether an answer began.

    Most requests have no body, and no limit is looked for.
    """

    def __init__(self, path: str, receive: Receive, send: Send) -> None:
        self._path, self._receive, self._send = path, receive, send
        self._left: int | None = None
        self.answered = False

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request" and (came := len(message.get("body", b""))):
            self._left = (limit_of(self._path) if self._left is None else self._left) - came
            if self._left < 0:
                raise _TooLongError
        return message

    async def send(self, message: Message) -> None:
        self.answered = True
        await self._send(message)


def _announced(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name.lower() == b"content-length":
            return int(value) if value.isdigit() else 0
    return 0


async def _refuse(scope: Scope, send: Send) -> None:
    is_machine = scope["path"].startswith(MACHINES)
    if is_machine:
        body, kind = json.dumps({"error": TOO_LARGE.code}).encode(), "application/json"
    else:
        with translation.override(_language(scope)):
            body, kind = page(TOO_LARGE).encode(), "text/html; charset=utf-8"
    policy = "; ".join(
        f"{name} {' '.join(str(source) for source in sources if 'nonce' not in str(source).lower())}"
        for name, sources in POLICY.items()
    )
    headers = {
        **ALWAYS,
        "Cache-Control": NOT_KEPT,
        "Connection": "close",
        "Content-Length": str(len(body)),
        "Content-Security-Policy": policy,
        "Content-Type": kind,
        "X-Content-Type-Options": "nosniff",
    }
    pairs = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": TOO_LARGE.status.value, "headers": pairs})
    await send({"type": "http.response.body", "body": body})


def _language(scope: Scope) -> str:
    wished = next((value for name, value in scope["headers"] if name.lower() == b"accept-language"), b"")
    return "es" if wished[:2].lower() == b"es" else "en"

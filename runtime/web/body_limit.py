"""Bodies above the limit are refused while they arrive, whatever their headers claim."""

from __future__ import annotations

from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from runtime.web.answers import refusal
from runtime.web.lingering import linger

MAX_BODY_BYTES: Final = 4 * 1024 * 1024
"""Meta sends up to 3 MB; nothing that we serve is sent more."""


class _BodyTooLargeError(Exception):
    """Unwinds the application from inside its own ``receive``."""


class BodyLimit:
    """ASGI middleware: 413 as soon as a body has more than ``limit`` bytes. Nothing is buffered here."""

    def __init__(self, app: ASGIApp, limit: int = MAX_BODY_BYTES) -> None:
        self._app = app
        self._limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        seen = 0
        answered = False

        async def counting_receive() -> Message:
            nonlocal seen
            message = await receive()
            if message["type"] == "http.request":
                seen += len(message.get("body", b""))
                if seen > self._limit:
                    raise _BodyTooLargeError
            return message

        async def watching_send(message: Message) -> None:
            nonlocal answered
            answered = answered or message["type"] == "http.response.start"
            await send(message)

        try:
            if _announced(scope) > self._limit:
                raise _BodyTooLargeError
            await self._app(scope, counting_receive, watching_send)
        except _BodyTooLargeError:
            if answered:
                raise
            await self._refuse(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        too_large = refusal(
            413,
            "body_too_large",
            f"A body may have {self._limit} bytes.",
            headers={"Connection": "close"},
        )

        async def send_and_linger(message: Message) -> None:
            last = message["type"] == "http.response.body"
            await send({**message, "more_body": True} if last else message)
            if last:
                await linger(receive)
                await send({"type": "http.response.body", "body": b""})

        await too_large(scope, receive, send_and_linger)


def _announced(scope: Scope) -> int:
    """What ``Content-Length`` claims, 0 when it claims nothing usable; the true length is counted anyway."""
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value[:20])  # 20 digits are enough to be too many, and cheap to convert
    return 0

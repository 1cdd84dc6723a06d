"""``StopAnswer``: 503 to whoever is still unanswered when the time to finish requests is over."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from starlette.types import ASGIApp, Receive, Scope, Send

from runtime.web.answers import refusal
from runtime.web.channel_door import RETRY_AFTER_S


class StopAnswer:
    """An ASGI application around another one.

    A stopping server cancels what is still open, and answers a cancelled request with 500: an error of ours, where a
    provider shall deliver again. What was stored in spite of the 503 is known by its id when it comes again.
    """

    def __init__(self, app: ASGIApp, stopping: Callable[[], bool]) -> None:
        self._app = app
        self._stopping = stopping

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._app(scope, receive, send)
        except asyncio.CancelledError as cancelled:
            if not self._stopping() or scope["type"] != "http":
                raise
            answer = refusal(
                503, "stopping", "The bot is being stopped. Try again.", headers={"Retry-After": RETRY_AFTER_S}
            )
            try:
                await answer(scope, receive, send)
            except RuntimeError:  # the server's word for a second beginning; to watch every answer for it would cost
                raise cancelled from None

"""What every answer says beside its content, whoever gave it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final, cast

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest, HttpResponseBase

type Answer = HttpResponseBase | Awaitable[HttpResponseBase]

ALWAYS: Final = {
    "X-Robots-Tag": "noindex, nofollow",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}

NOT_KEPT: Final = "no-store"
"""For pages and data: they show customers, and the back button of a shared counter must not."""


class ResponseHeadersMiddleware:
    """Can be awaited as well, so that a runtime that waits for a command holds no thread."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Answer]) -> None:
        self._get_response = get_response
        self._awaits = iscoroutinefunction(get_response)
        if self._awaits:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Answer:
        if self._awaits:
            return self._answer(request)
        return _marked(cast("HttpResponseBase", self._get_response(request)))

    async def _answer(self, request: HttpRequest) -> HttpResponseBase:
        return _marked(await cast("Awaitable[HttpResponseBase]", self._get_response(request)))


def _marked(answer: HttpResponseBase) -> HttpResponseBase:
    for name, value in ALWAYS.items():
        answer.headers.setdefault(name, value)
    answer.headers.setdefault("Cache-Control", NOT_KEPT)  # static files and /health say their own
    return answer

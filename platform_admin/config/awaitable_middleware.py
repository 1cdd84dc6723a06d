"""The frame of a middleware that can also be awaited, so that a runtime that waits for a command holds no thread."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import cast

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest, HttpResponseBase

type Answer = HttpResponseBase | Awaitable[HttpResponseBase]


class AwaitableMiddleware:
    """A subclass says what it gives instead of an answer, and what it does with one; neither may wait for anything.

    A middleware that is synchronous only makes Django push every request through a thread.
    """

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
        answer = self.instead(request)
        if answer is not None:
            return answer
        return self.finished(cast("HttpResponseBase", self._get_response(request)))

    async def _answer(self, request: HttpRequest) -> HttpResponseBase:
        answer = self.instead(request)
        if answer is not None:
            return answer
        return self.finished(await cast("Awaitable[HttpResponseBase]", self._get_response(request)))

    def instead(self, request: HttpRequest) -> HttpResponseBase | None:
        """What is answered before a view is asked; ``None`` lets the request pass."""
        return None

    def finished(self, answer: HttpResponseBase) -> HttpResponseBase:
        """What leaves when that is what the view answered."""
        return answer

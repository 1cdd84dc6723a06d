"""WhiteNoise as a middleware that can also be awaited.

Its own class is synchronous only, which makes Django push every request through a thread, that of a runtime that
waits included.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import cast

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest, HttpResponseBase
from whitenoise.middleware import WhiteNoiseMiddleware

type Answer = HttpResponseBase | Awaitable[HttpResponseBase]


class StaticFilesMiddleware(WhiteNoiseMiddleware):
    """Finding a file is a look into a table (or, before ``collectstatic``, a few ``stat`` calls), so it may block."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Answer]) -> None:
        super().__init__(get_response)
        self._awaits = iscoroutinefunction(get_response)
        if self._awaits:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> Answer:
        if not self._awaits:
            return cast("HttpResponseBase", super().__call__(request))
        return self._answer(request)

    async def _answer(self, request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        static_file = self.find_file(path) if self.autorefresh else self.files.get(path)
        if static_file is not None:
            return cast("HttpResponseBase", self.serve(static_file, request))
        return cast("HttpResponseBase", await self.get_response(request))

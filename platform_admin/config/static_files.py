"""WhiteNoise as a middleware that can also be awaited; its own class is synchronous only."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponseBase
from whitenoise.middleware import WhiteNoiseMiddleware

from platform_admin.config.awaitable_middleware import Answer, AwaitableMiddleware


class StaticFilesMiddleware(AwaitableMiddleware):
    """Finding a file is a look into a table (or, before ``collectstatic``, a few ``stat`` calls), so it may block."""

    def __init__(self, get_response: Callable[[HttpRequest], Answer]) -> None:
        super().__init__(get_response)
        self._files = WhiteNoiseMiddleware(get_response)

    def instead(self, request: HttpRequest) -> HttpResponseBase | None:
        path = request.path_info
        found = self._files.find_file(path) if self._files.autorefresh else self._files.files.get(path)
        return None if found is None else cast("HttpResponseBase", self._files.serve(found, request))

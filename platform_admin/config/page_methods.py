"""Pages are asked for and sent, by GET and POST; any other method is the API's."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponseBase, HttpResponseNotAllowed

from platform_admin.config.awaitable_middleware import AwaitableMiddleware

OF_PAGES: Final = ("GET", "HEAD", "POST", "OPTIONS")
_API: Final = "/api/"


class PageMethodsMiddleware(AwaitableMiddleware):
    """405 before a view is asked: Django's admin takes a PUT or a DELETE for a GET and answers with the page."""

    def instead(self, request: HttpRequest) -> HttpResponseBase | None:
        if request.method in OF_PAGES or request.path_info.startswith(_API):
            return None
        return HttpResponseNotAllowed(OF_PAGES)

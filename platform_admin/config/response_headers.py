"""What every answer says beside its content, whoever gave it."""

from __future__ import annotations

from typing import Final

from django.http import HttpResponseBase

from platform_admin.config.awaitable_middleware import AwaitableMiddleware

ALWAYS: Final = {
    "X-Robots-Tag": "noindex, nofollow",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Resource-Policy": "same-origin",
}

NOT_KEPT: Final = "no-store"
"""For pages and data: they show customers, and the back button of a shared counter must not."""


class ResponseHeadersMiddleware(AwaitableMiddleware):
    """Adds them where the view or a middleware within has not said its own."""

    def finished(self, answer: HttpResponseBase) -> HttpResponseBase:
        for name, value in ALWAYS.items():
            answer.headers.setdefault(name, value)
        answer.headers.setdefault("Cache-Control", NOT_KEPT)  # static files and /health say their own
        return answer

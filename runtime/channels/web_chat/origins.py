"""Which pages may speak to the chat, and the headers that tell their browsers so (CORS, Fetch standard)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request

_ALLOWED_METHODS: Final = "GET, POST"
_ALLOWED_HEADERS: Final = "authorization, content-type, last-event-id"
_PREFLIGHT_S: Final = "7200"
"""The longest that Chromium keeps a preflight's answer."""


class Origins:
    """The tenant's sites, and the runtime's own page."""

    def __init__(self, allowed: frozenset[str]) -> None:
        self._allowed = allowed

    def origin_of(self, request: Request) -> str | None:
        """The page that asks, where it may; ``None`` for any other, and for a request that names none."""
        origins = request.headers.getlist("origin")
        if len(origins) != 1:
            return None
        return origins[0] if origins[0] in self._allowed or _is_own(request, origins[0]) else None

    def is_foreign(self, request: Request) -> bool:
        """Whether a page asks that may not. A browser names no origin when a page reads from its own server."""
        return "origin" in request.headers and self.origin_of(request) is None


def answer_headers(origin: str | None) -> Mapping[str, str]:
    """What lets ``origin`` read an answer. Never a wildcard: answers carry a conversation."""
    return {"Vary": "Origin"} | ({"Access-Control-Allow-Origin": origin} if origin else {})


def preflight_headers(origin: str) -> Mapping[str, str]:
    """The same for the question that browsers ask first."""
    return {
        **answer_headers(origin),
        "Access-Control-Allow-Methods": _ALLOWED_METHODS,
        "Access-Control-Allow-Headers": _ALLOWED_HEADERS,
        "Access-Control-Max-Age": _PREFLIGHT_S,
    }


def _is_own(request: Request, origin: str) -> bool:
    """Whether the page came from the address that it asks now: whoever opened it there was given the widget by us."""
    parts = urlsplit(origin)
    hosts = request.headers.getlist("host")
    return parts.scheme in {"http", "https"} and hosts == [parts.netloc]

"""``ChannelDoor``: behind it stand the routes of the live configuration, exchanged as a whole between two requests."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from starlette.routing import BaseRoute, Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from runtime.web.answers import refusal

RETRY_AFTER_S: Final = "5"
"""A start from the cache takes a second; Meta retries by its own clock anyway."""


class ChannelDoor:
    """An ASGI application. Closed until a configuration is live, and closed again once the runtime stops.

    An endpoint that is an ASGI application and has ``self_reliant = True`` bounds its body and answers its own
    refusals, so it may be called without the framework around it.
    """

    def __init__(self) -> None:
        self._router: Router | None = None
        self._self_reliant: dict[tuple[str, str], ASGIApp] = {}

    def open(self, routes: Sequence[BaseRoute]) -> None:
        self._router = Router(list(routes), redirect_slashes=False)
        self._self_reliant = {
            (method, route.path): route.endpoint
            for route in routes
            if isinstance(route, Route) and getattr(route.endpoint, "self_reliant", False)
            for method in route.methods or ()
        }

    def close(self) -> None:
        self._router = None
        self._self_reliant = {}

    def self_reliant(self, method: str, path: str) -> ASGIApp | None:
        """The endpoint for exactly this, if it is one that may be called directly."""
        return self._self_reliant.get((method, path))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._router is not None:
            await self._router(scope, receive, send)
        else:
            # 503 makes Meta deliver again later; a 404 might be taken for an answer.
            not_ready = refusal(
                503,
                "not_ready",
                "The bot is not ready. Nothing was stored; try again.",
                headers={"Retry-After": RETRY_AFTER_S},
            )
            await not_ready(scope, receive, send)

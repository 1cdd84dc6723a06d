"""``FrontDoor``: lets the busiest requests of a channel pass by the framework.

Routing, middleware and request objects take half of what an acknowledged delivery costs. An endpoint that needs none of
them (``self_reliant``) is called directly; everything else takes the usual way.
"""

from __future__ import annotations

from starlette.types import ASGIApp, Receive, Scope, Send

from runtime.web.channel_door import ChannelDoor


class FrontDoor:
    """An ASGI application before another one."""

    def __init__(self, app: ASGIApp, door: ChannelDoor) -> None:
        self._app = app
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        directly = self._door.self_reliant(scope["method"], scope["path"]) if scope["type"] == "http" else None
        await (directly or self._app)(scope, receive, send)

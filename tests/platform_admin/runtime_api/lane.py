"""The fast lane before a Django that only notes what it is handed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from platform_admin.runtime_api.fast_lane.asgi import FastLane


class Django:
    """Stands where Django does, and notes what was handed on, body and all."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, bytes]] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        self.asked.append((scope["path"], body))
        await send({"type": "http.response.start", "status": 299, "headers": []})
        await send({"type": "http.response.body", "body": b"django"})


@dataclass(slots=True)
class Lane:
    django: Django
    application: FastLane

    async def ask(
        self, method: str, path: str, headers: Mapping[str, str], *, body: bytes = b"", scheme: str = "http"
    ) -> tuple[int, dict[str, str], bytes]:
        url, _, query = path.partition("?")
        scope = {
            "type": "http", "method": method, "path": url, "query_string": query.encode(), "scheme": scheme,
            "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        }  # fmt: skip
        pieces = [{"type": "http.request", "body": body, "more_body": False}]
        sent: list[Any] = []

        async def receive() -> Any:
            return pieces.pop(0)

        async def send(message: Any) -> None:
            sent.append(message)

        await self.application(scope, receive, send)
        start, content = sent
        return start["status"], {k.decode(): v.decode() for k, v in start["headers"]}, content["body"]

"""The two channels whose other end reads: the development channel and the web chat."""

from __future__ import annotations

import asyncio
import contextlib
import json
import uuid
from pathlib import Path
from typing import Any

import httpx2

from tests.runtime.channels.contract.line import Customer, Line, Seen

SITE = "https://www.luna.example"
STREAM_S = 0.3
"""So long nothing comes, from the answer on: then all has been heard that is there already."""

type Message = dict[str, Any]


def _seen(message: Message) -> Seen:
    return Seen(message["text"], tuple(option["title"] for option in message["options"]))


def _tapped(messages: list[Message], title: str) -> Message:
    for message in reversed(messages):
        for option in message["options"]:
            if option["title"] == title:
                kind = "list" if message["type"] == "list" else "button"
                return {"type": kind, "text": title, "payload": option["id"]}
    raise AssertionError(f"nothing says {title!r}")


class HttpDevCustomer(Customer):
    def __init__(self, line: HttpDevLine, name: str) -> None:
        self._line = line
        self._name = name
        self._last: Message = {}

    async def write(self, text: str) -> int:
        return await self._send({"text": text})

    async def tap(self, title: str) -> int:
        return await self._send(_tapped(await self._messages(), title))

    async def repeat(self) -> int:
        return await self._line.inbound(self._last)

    async def seen(self) -> list[Seen]:
        return [_seen(message) for message in await self._messages()]

    async def _send(self, content: Message) -> int:
        self._last = {"contact_id": self._name, "id": uuid.uuid4().hex, **content}
        return await self._line.inbound(self._last)

    async def _messages(self) -> list[Message]:
        async with httpx2.AsyncClient(trust_env=False) as http:
            found: list[Message] = (await http.get(f"{self._line.url}/messages?contact_id={self._name}")).json()
        return found


class HttpDevLine(Line):
    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.block = {"type": "http_dev"}
        self.channel_id, self.profile = "http_dev", "http_dev"

    def meet(self, name: str) -> Customer:
        return HttpDevCustomer(self, name)

    async def inbound(self, body: Message | bytes, **headers: str) -> int:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        told = {"Content-Type": "application/json", **headers}
        async with httpx2.AsyncClient(trust_env=False) as http:
            return (await http.post(f"{self.url}/inbound", content=content, headers=told)).status_code

    async def forge(self, text: str) -> int:
        """A stranger behind a proxy of this machine."""
        body = json.dumps({"contact_id": "ana", "text": text}).encode()
        return await self.inbound(body, **{"X-Forwarded-For": "203.0.113.7"})

    async def garble(self) -> int:
        return await self.inbound(b"{broken")


class WebChatCustomer(Customer):
    def __init__(self, line: WebChatLine) -> None:
        self._line = line
        self._visitor = ""
        self._last: Message = {}

    async def write(self, text: str) -> int:
        return await self._send({"type": "text", "text": text})

    async def tap(self, title: str) -> int:
        return await self._send(_tapped(await self._messages(), title))

    async def repeat(self) -> int:
        return await self._line.post("messages", self._last, self._visitor)

    async def seen(self) -> list[Seen]:
        return [_seen(message) for message in await self._messages()]

    async def _send(self, content: Message) -> int:
        if not self._visitor:
            self._visitor = await self._line.visit()
        self._last = {"id": uuid.uuid4().hex, **content}
        return await self._line.post("messages", self._last, self._visitor)

    async def _messages(self) -> list[Message]:
        """Everything from the beginning, as a widget that was opened anew reads it."""
        found: list[Message] = []
        headers = {"Authorization": f"Bearer {self._visitor}", "Origin": SITE}
        address = f"{self._line.url}/widget/events"
        async with (
            httpx2.AsyncClient(trust_env=False, timeout=20) as http,
            http.stream("GET", address, headers=headers) as stream,
        ):
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(STREAM_S) as silence:
                    async for line in stream.aiter_lines():
                        silence.reschedule(asyncio.get_running_loop().time() + STREAM_S)
                        if line.startswith('data: {"cursor"'):
                            found.append(json.loads(line.removeprefix("data: ")))
        return found


class WebChatLine(Line):
    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.block = {"type": "web_chat", "visitor_secret": "s" * 32, "allowed_origins": [SITE]}
        self.channel_id, self.profile = "web_chat", "webchat"

    def meet(self, name: str) -> Customer:
        return WebChatCustomer(self)

    async def visit(self) -> str:
        async with httpx2.AsyncClient(trust_env=False) as http:
            answer = await http.post(f"{self.url}/widget/session", json={}, headers={"Origin": SITE})
        return str(answer.json()["visitor"])

    async def post(self, path: str, body: Message | bytes, visitor: str) -> int:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {visitor}", "Origin": SITE, "Content-Type": "application/json"}
        async with httpx2.AsyncClient(trust_env=False) as http:
            return (await http.post(f"{self.url}/widget/{path}", content=content, headers=headers)).status_code

    async def forge(self, text: str) -> int:
        return await self.post("messages", {"id": "1", "type": "text", "text": text}, "made.up.token")

    async def garble(self) -> int:
        return await self.post("messages", b"{broken", await self.visit())

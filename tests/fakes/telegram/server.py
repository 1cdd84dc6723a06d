"""The fake as a server, with customers who write and tap: ``async with FakeTelegramServer(token) as telegram``."""

from __future__ import annotations

import json
from types import TracebackType
from typing import Any, Self

import httpx2

from tests.fakes.loopback import LoopbackServer
from tests.fakes.telegram import updates
from tests.fakes.telegram.app import TelegramApp
from tests.fakes.telegram.faults import Fault
from tests.fakes.telegram.memory import Message
from tests.fakes.telegram.updates import Customer


class FakeTelegramServer:
    """Runs in the event loop of the caller. Updates go where ``setWebhook`` said, or ``listen``."""

    def __init__(self, token: str) -> None:
        self.app = TelegramApp(token)
        self._server = LoopbackServer(self.app.asgi)
        self._http = httpx2.AsyncClient(trust_env=False, timeout=20)
        self._updates = 0
        self.last: dict[str, Any] | bytes | None = None

    @property
    def url(self) -> str:
        return self._server.url

    @property
    def refused(self) -> list[str]:
        """Why calls were not accepted, oldest first."""
        return self.app.memory.refused

    def said(self, customer: Customer) -> list[Message]:
        """What the bot sent, oldest first."""
        return self.app.memory.said(customer.id)

    def script(self, *faults: Fault) -> None:
        """Let coming calls go wrong."""
        self.app.memory.faults.extend(faults)

    def listen(self, url: str, secret: str) -> None:
        self.app.webhook = (url, secret)

    def know(self, customer: Customer) -> None:
        """The customer has started the bot, without a word so far."""
        self.app.memory.chats.setdefault(customer.id, [])

    async def write(self, customer: Customer, content: dict[str, Any] | str) -> httpx2.Response:
        """The customer sends a text or any other content; the webhook's answer."""
        self.know(customer)
        fields = {"text": content} if isinstance(content, str) else content
        message = self.app.memory.add(customer.id, None, fields)
        return await self.deliver(updates.written(self._next(), customer, message.number, fields))

    async def tap(self, customer: Customer, title: str) -> httpx2.Response:
        """The customer taps the newest button with this title. The webhook's answer is carried out."""
        shown, data = self._find_button(customer, title)
        query_id = f"{customer.id}{self._next()}"
        self.app.memory.open_taps.add(query_id)
        return await self.deliver(updates.tapped(self._updates, customer, shown, data, query_id))

    async def deliver(self, update: dict[str, Any] | bytes, *, secret: str | None = None) -> httpx2.Response:
        """Post an update once; a method in the answer is called, as the Bot API does."""
        assert self.app.webhook is not None
        url, known = self.app.webhook
        self.last = update
        headers = {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": secret or known}
        body = update if isinstance(update, bytes) else json.dumps(update).encode()
        answer = await self._http.post(url, content=body, headers=headers)
        if answer.status_code == 200 and answer.headers["content-type"] == "application/json":
            wanted = answer.json()
            if "method" in wanted:
                self.app.call(wanted["method"], {key: value for key, value in wanted.items() if key != "method"})
        return answer

    def _find_button(self, customer: Customer, title: str) -> tuple[Message, str]:
        for message in reversed(self.said(customer)):
            for button in message.keyboard:
                if button["text"] == title:
                    return message, button["callback_data"]
        raise AssertionError(f"no button {title!r}")

    def _next(self) -> int:
        self._updates += 1
        return self._updates

    async def __aenter__(self) -> Self:
        await self._server.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.app.stopping.set()
        await self._http.aclose()
        await self._server.__aexit__(kind, error, trace)

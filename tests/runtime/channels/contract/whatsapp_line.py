"""WhatsApp between a strict Graph API and signed webhooks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx2

from runtime.settings import Settings
from tests.fakes import webhook_bodies
from tests.fakes.graph_server import FakeGraphServer
from tests.fakes.webhook_bodies import Writer
from tests.fakes.webhook_sender import WebhookSender
from tests.runtime.channels.contract.line import Customer, Line, Seen, reaching

NUMBER, SECRET = "1234567890", "abc123"
PHONES = {"ana": "34600111222", "bruno": "34600333444"}


class WhatsAppCustomer(Customer):
    def __init__(self, line: WhatsAppLine, name: str) -> None:
        self._line = line
        self._writer = Writer(phone_number_id=NUMBER, phone=PHONES[name], name=name)
        self._last = b""

    async def write(self, text: str) -> int:
        return await self._deliver(webhook_bodies.text(self._writer, text))

    async def tap(self, title: str) -> int:
        for message in reversed(self._sent()):
            for kind, option in _options(message):
                if option["title"] == title:
                    return await self._deliver(webhook_bodies.tap(self._writer, kind, option["id"], title))
        raise AssertionError(f"nothing says {title!r}")

    async def repeat(self) -> int:
        return await self._line.post(self._last)

    async def seen(self) -> list[Seen]:
        return [_seen(message) for message in self._sent()]

    def _sent(self) -> list[dict[str, Any]]:
        return [sent.body for sent in self._line.graph.sent if sent.to == self._writer.phone]

    async def _deliver(self, value: webhook_bodies.Object) -> int:
        self._last = webhook_bodies.batch([value])
        return await self._line.post(self._last)


class WhatsAppLine(Line):
    def __init__(self, folder: Path, graph: FakeGraphServer) -> None:
        super().__init__(folder)
        self.graph = graph
        self.block = {
            "type": "whatsapp",
            "phone_number_id": NUMBER,
            "access_token": "EAAtoken",
            "app_secret": SECRET,
            "verify_token": "word",
        }
        self.channel_id, self.profile = f"whatsapp:{NUMBER}", "whatsapp"

    def settings(self, plain: Settings) -> Settings:
        return reaching(plain, graph_base_url=self.graph.url)

    def meet(self, name: str) -> Customer:
        return WhatsAppCustomer(self, name)

    async def post(self, body: bytes, *, secret: str = SECRET) -> int:
        async with httpx2.AsyncClient(trust_env=False, timeout=20) as http:
            return (await WebhookSender(f"{self.url}/webhook", secret, http).post(body)).status_code

    async def forge(self, text: str) -> int:
        value = webhook_bodies.text(Writer(phone_number_id=NUMBER), text)
        return await self.post(webhook_bodies.batch([value]), secret="another")

    async def garble(self) -> int:
        return await self.post(b"{broken")


def _options(message: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    action = message.get("interactive", {}).get("action", {})
    buttons = [("button_reply", button["reply"]) for button in action.get("buttons", [])]
    rows = [("list_reply", row) for section in action.get("sections", []) for row in section["rows"]]
    return buttons + rows


def _seen(message: dict[str, Any]) -> Seen:
    if message["type"] == "interactive":
        return Seen(message["interactive"]["body"]["text"], tuple(option["title"] for _, option in _options(message)))
    return Seen(message["text"]["body"])

"""A web chat over loopback, between a store that holds what the bot said and an intake that records."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import httpx2
import pytest
from starlette.applications import Starlette

from connectors.clock import ManualClock
from flow_engine.effects import SendMessage
from flow_engine.outputs.output import Output, Text
from runtime.channels.kind import BuiltChannels
from runtime.channels.services import ChannelServices
from runtime.channels.web_chat import WebChatAdapter
from runtime.channels.web_chat.kind import build
from runtime.ports.channel_adapter import OutboundMessage
from runtime.ports.inbox_store import ContactKey
from runtime.store.in_memory import InMemoryStateStore
from tests.fakes.loopback import LoopbackServer
from tests.runtime.channels.whatsapp.recording import RecordingIntake
from tests.runtime.desk import NOW
from tests.runtime.store import samples

SECRET = "0123456789abcdef0123456789abcdef"
SITE = "https://www.luna.example"


@dataclass(slots=True)
class Chat:
    """What tests do at a web chat: visit, say, and let the bot speak."""

    url: str
    http: httpx2.AsyncClient
    intake: RecordingIntake
    store: InMemoryStateStore
    adapter: WebChatAdapter
    services: ChannelServices
    clock: ManualClock
    spoken: int = 0

    async def visit(self, **body: object) -> str:
        """A visitor's signed id."""
        answer = await self.post("session", dict(body))
        assert answer.status_code == 200
        return str(answer.json()["visitor"])

    async def post(
        self, path: str, body: object, *, visitor: str | None = None, origin: str | None = SITE
    ) -> httpx2.Response:
        headers = {"Authorization": f"Bearer {visitor}"} if visitor else {}
        headers |= {"Origin": origin} if origin else {}
        return await self.http.post(f"{self.url}/widget/{path}", json=body, headers=headers)

    async def bot_says(self, visitor: str, output: Output | str) -> None:
        """As the runtime does: the row first, then the adapter."""
        self.spoken += 1
        contact = ContactKey("web_chat", visitor.partition(".")[0])
        shown = Text(output) if isinstance(output, str) else output
        message_id = f"c:{self.spoken}:0"
        await self.store.inbox.accept([samples.message(f"in:{self.spoken}", contact)], samples.NOW)
        claimed = await samples.claim(self.store, contact)
        said = (SendMessage(message_id, shown),)
        await self.store.conversations.commit_step(samples.step(claimed.claim, contact, messages=said))
        await self.adapter.send(OutboundMessage(message_id, contact.contact_id, shown, 1))


@pytest.fixture
def intake() -> RecordingIntake:
    return RecordingIntake()


@pytest.fixture
async def chat(intake: RecordingIntake) -> AsyncIterator[Chat]:
    store, clock = InMemoryStateStore(), ManualClock(NOW)
    await store.open()
    services = ChannelServices(
        intake,
        store.outbox,
        store.contacts,
        store.uploads,
        clock,
        "luna",
        "Peluquería Luna",
        language="es",
        stopping=asyncio.Event(),
    )
    built: BuiltChannels = build([{"type": "web_chat", "visitor_secret": SECRET, "allowed_origins": [SITE]}], services)
    (adapter,) = built.adapters
    assert isinstance(adapter, WebChatAdapter)
    async with (
        LoopbackServer(Starlette(routes=list(built.routes))) as server,
        httpx2.AsyncClient(trust_env=False, timeout=20) as http,
    ):
        yield Chat(server.url, http, intake, store, adapter, services, clock)
        services.stopping.set()

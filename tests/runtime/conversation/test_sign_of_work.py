"""Who waits is told so, as long as she waits; and nothing depends on it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from flow_engine.messages import InternalMessage
from flow_engine.vocabulary import MessageType
from runtime.channels.whatsapp import WhatsAppChannelConfig
from runtime.conversation.sign_of_work import SignOfWork
from runtime.errors import SendAction, SendError
from runtime.outbox import Outbox
from runtime.ports.inbox_store import Claim, ClaimedEvent, ContactKey, DueTask
from runtime.store.in_memory import InMemoryStateStore
from tests.fakes.graph_server import FakeGraphServer
from tests.runtime.channels.whatsapp.expectations import NUMBER
from tests.runtime.channels.whatsapp.phone import NOW, Phone, open_adapter

CHANNEL = f"whatsapp:{NUMBER}"
CONTACT = ContactKey(CHANNEL, "34600111222")


def claimed(event: InternalMessage | DueTask) -> ClaimedEvent:
    return ClaimedEvent(Claim(1, "run"), CONTACT, "whatsapp", event, NOW, 1, started=False)


MESSAGE = claimed(InternalMessage("wamid.1", CONTACT.contact_id, MessageType.TEXT, NOW, "hola"))


class Screen:
    """What the customer sees, and a moment to wait for."""

    def __init__(self) -> None:
        self.shown: list[tuple[ContactKey, str]] = []
        self.enough = asyncio.Event()

    async def show(self, contact: ContactKey, message_id: str) -> None:
        self.shown.append((contact, message_id))
        if len(self.shown) == 3:
            self.enough.set()


async def test_the_sign_stays_as_long_as_the_work_takes_and_no_longer() -> None:
    screen = Screen()
    async with SignOfWork(screen.show, after_s=0, again_s=0).while_working(MESSAGE):
        await asyncio.wait_for(screen.enough.wait(), 5)
    shown = len(screen.shown)
    assert set(screen.shown) == {(CONTACT, "wamid.1")}
    await asyncio.sleep(0)
    assert len(screen.shown) == shown


async def test_quick_work_shows_nothing() -> None:
    screen = Screen()
    async with SignOfWork(screen.show).while_working(MESSAGE):
        await asyncio.sleep(0)
    assert screen.shown == []


async def test_nobody_waits_for_a_reminder() -> None:
    screen = Screen()
    async with SignOfWork(screen.show, after_s=0, again_s=0).while_working(claimed(DueTask("remind", "k", NOW))):
        await asyncio.sleep(0.01)
    assert screen.shown == []


async def test_work_that_fails_takes_the_sign_away_too() -> None:
    screen = Screen()

    async def fail() -> None:
        async with SignOfWork(screen.show, after_s=0, again_s=0).while_working(MESSAGE):
            await asyncio.wait_for(screen.enough.wait(), 5)
            raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        await fail()
    shown = len(screen.shown)
    await asyncio.sleep(0)
    assert len(screen.shown) == shown


@pytest.fixture
async def graph() -> AsyncIterator[FakeGraphServer]:
    async with FakeGraphServer(tokens=["EAAtoken"], phone_number_ids=[NUMBER]) as server:
        yield server


@pytest.fixture
async def phone(graph: FakeGraphServer) -> AsyncIterator[Phone]:
    config = WhatsAppChannelConfig(NUMBER, "EAAtoken", "secret", "verify")
    async with open_adapter(graph, config) as opened:
        yield opened


async def test_on_whatsapp_the_message_is_read_and_somebody_types(phone: Phone, graph: FakeGraphServer) -> None:
    outbox = Outbox(InMemoryStateStore().outbox, {CHANNEL: phone.adapter}, phone.clock, "run")
    await outbox.show_working(CONTACT, "wamid.1")
    assert graph.read == [
        {
            "messaging_product": "whatsapp",
            "status": "read",
            "message_id": "wamid.1",
            "typing_indicator": {"type": "text"},
        }
    ]
    assert graph.sent == []


async def test_a_sign_that_cannot_be_shown_is_no_trouble(phone: Phone, graph: FakeGraphServer) -> None:
    graph.app.expire_tokens()
    outbox = Outbox(InMemoryStateStore().outbox, {CHANNEL: phone.adapter}, phone.clock, "run")
    await outbox.show_working(CONTACT, "wamid.1")
    await outbox.show_working(ContactKey("a channel that was taken out", "x"), "wamid.1")
    assert (graph.read, outbox.halted) == ([], {})


async def test_a_stopped_number_can_be_asked_whether_it_works_again(phone: Phone, graph: FakeGraphServer) -> None:
    graph.app.expire_tokens()
    with pytest.raises(SendError) as caught:
        await phone.adapter.probe()
    assert caught.value.action is SendAction.STOP_CHANNEL
    graph.app.tokens.add("EAAtoken")
    await phone.adapter.probe()
    assert graph.sent == []

"""A runtime with a WhatsApp number, played by Meta on one side and by a strict Graph API on the other."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx2
import pytest

from runtime.ports.inbox_store import ContactKey
from tests.fakes import webhook_bodies
from tests.fakes.graph.status_webhooks import Manner
from tests.fakes.graph_server import FakeGraphServer, StatusWebhooks
from tests.fakes.loopback import LoopbackServer
from tests.fakes.webhook_bodies import Writer
from tests.fakes.webhook_sender import WebhookSender
from tests.runtime.running import Running, development_settings, running

NUMBER, TOKEN, SECRET = "106540352242922", "EAAgood", "abc123"
TENANT = f"""\
tenant_id: toy
flow_path: toy_flow.yaml
channel: {{type: whatsapp, phone_number_id: "{NUMBER}", access_token: {TOKEN}, app_secret: {SECRET}, verify_token: v}}
handoff: {{resume_after_minutes: 30}}
opt_out: {{words: {{en: ["No more"]}}}}
business: {{name: Toy}}
"""
ANA = Writer(NUMBER, "34600111222", "Ana")


@dataclass(slots=True)
class Line:
    """Meta's side: what is posted to the webhook, what reached the Graph API."""

    meta: WebhookSender
    graph: FakeGraphServer
    business: Running

    async def says(self, words: str, writer: Writer = ANA, **more: Any) -> None:
        self.graph.app.windows.wrote(NUMBER, writer.phone)
        assert (await self.meta.post_values(webhook_bodies.text(writer, words, **more))).status_code == 200

    async def field(self, name: str, **value: Any) -> None:
        body = webhook_bodies.encode(webhook_bodies.envelope(webhook_bodies.value(NUMBER, **value), field=name))
        assert (await self.meta.post(body)).status_code == 200

    def heard(self) -> list[str]:
        """What reached customers, oldest first."""
        return [_words(sent.body) for sent in self.graph.sent]

    async def until(self, holds: Callable[[], bool]) -> None:
        for _ in range(2000):
            if holds():
                return
            await asyncio.sleep(0.005)
        raise AssertionError(f"it never came to hold; heard {self.heard()}, refused {self.graph.refused}")

    async def until_heard(self, *words: str) -> None:
        await self.until(lambda: self.heard() == list(words))

    async def quiet(self) -> None:
        core = self.business.runtime.core
        for _ in range(2000):
            counts = await core.store.counts()
            if not counts.inbox_open and not counts.outbox_open:
                return
            await asyncio.sleep(0.005)
        raise AssertionError(f"still busy: {counts}")

    async def health(self) -> dict[str, Any]:
        answer: dict[str, Any] = (await self.business.http.get("/health")).json()
        return answer


def _words(body: dict[str, Any]) -> str:
    return str(body["text"]["body"] if body["type"] == "text" else body["interactive"]["body"]["text"])


@asynccontextmanager
async def open_line(tmp_path: Path, manner: Manner = "one_by_one") -> AsyncIterator[Line]:
    async with FakeGraphServer(tokens=[TOKEN], phone_number_ids=[NUMBER]) as graph:
        graph.app.windows.enforced = True
        settings = replace(development_settings(tmp_path, tenant=TENANT), graph_base_url=graph.url)
        async with running(settings) as business, LoopbackServer(business.runtime.asgi) as server:
            url = f"{server.url}/webhook"
            graph.app.statuses = StatusWebhooks(url, SECRET, ("sent", "delivered", "read"), manner)
            async with httpx2.AsyncClient(trust_env=False, timeout=20, verify=False) as http:
                yield Line(WebhookSender(url, SECRET, http), graph, business)
            await graph.app.stop()


@pytest.fixture
async def line(tmp_path: Path) -> AsyncIterator[Line]:
    async with open_line(tmp_path) as opened:
        yield opened


@pytest.mark.parametrize("manner", ["one_by_one", "reversed", "doubled", "batched"])
async def test_a_message_is_answered_once_and_known_to_be_read_in_whatever_manner_meta_tells(
    tmp_path: Path, manner: Manner
) -> None:
    async with open_line(tmp_path, manner) as line:
        await line.says("hi", message_id="wamid.1")
        await line.says("hi", message_id="wamid.1")
        await line.until_heard("Welcome to Toy")
        await asyncio.gather(*line.graph.app.reports)
        await line.quiet()
        reports = await delivery_of(line)
        assert reports == ["read"]
        assert line.graph.refused == []


async def delivery_of(line: Line) -> list[str]:
    reader = line.business.runtime.core.store.outbox._reader  # type: ignore[attr-defined]  # what no port tells
    return [row[0] for row in reader.rows("SELECT delivery FROM outbox ORDER BY seq")]


async def test_reports_that_come_late_and_all_at_once_are_put_in_order(tmp_path: Path) -> None:
    async with open_line(tmp_path, "held") as line:
        await line.says("hi")
        await line.until_heard("Welcome to Toy")
        await line.quiet()
        assert await delivery_of(line) == [None]
        assert line.graph.app.statuses is not None
        await line.graph.app.statuses.release()
        assert await delivery_of(line) == ["read"]


async def test_an_expired_token_stops_sending_and_nothing_else_and_the_same_token_brings_everything_back(
    line: Line,
) -> None:
    line.business.runtime.core.outbox.first_probe_s = 0.02
    line.graph.app.expire_tokens()
    await line.says("hi")
    core = line.business.runtime.core
    await line.until(lambda: bool(core.outbox.halted))
    await line.says("hi again", Writer(NUMBER, "34600999888"))
    health = await line.health()
    assert health["status"] == "degraded"
    assert [reason for reason in health["reasons"] if "The access token has expired" in reason] == health["reasons"]
    assert (await line.business.http.get("/ready")).status_code == 200
    assert line.heard() == []
    assert (await core.store.counts()).outbox_dead == 0
    line.graph.app.tokens.add(TOKEN)
    await line.until_heard("Welcome to Toy", "Welcome to Toy")
    assert (await line.health())["status"] == "ok"


async def test_the_owner_answers_from_the_phone_and_the_bot_steps_back(line: Line) -> None:
    await line.says("hi")
    await line.until_heard("Welcome to Toy")
    echo = {"from": "15550783881", "to": ANA.phone, "id": "wamid.echo", "timestamp": str(int(time.time()))}
    await line.field("smb_message_echoes", message_echoes=[echo | {"type": "text", "text": {"body": "Hi, Marta here"}}])
    await line.says("oh, hello Marta")
    await line.quiet()
    assert line.heard() == ["Welcome to Toy"]
    back = echo | {"id": "wamid.back", "type": "text", "text": {"body": "#bot"}}
    await line.field("smb_message_echoes", message_echoes=[back])
    await line.says("menu")
    await line.until_heard("Welcome to Toy", "Welcome to Toy")


async def test_the_words_of_the_business_end_its_messages(line: Line) -> None:
    await line.says("no more!")
    await line.until(lambda: len(line.heard()) == 1)
    assert line.heard()[0].startswith("Done: we will not write to you")
    await line.says("stop")
    await line.until(lambda: len(line.heard()) == 2)
    assert line.heard()[1] == "Welcome to Toy"


async def test_a_number_and_a_user_id_become_one_customer(line: Line) -> None:
    await line.says("hi")
    await line.until_heard("Welcome to Toy")
    both = replace(ANA, user_id="ES.1349")
    line.graph.app.windows.wrote(NUMBER, "ES.1349")
    await line.says("hi", both)
    await line.until(lambda: len(line.heard()) == 2)
    assert [sent.to for sent in line.graph.sent] == [ANA.phone, "ES.1349"]
    store = line.business.runtime.core.store
    assert await store.conversations.load(ContactKey(f"whatsapp:{NUMBER}", ANA.phone)) is None


async def test_a_thousand_updates_in_one_body_are_all_answered_or_counted(line: Line) -> None:
    line.graph.app.statuses = None
    writers = [replace(ANA, phone=f"346001{number:05d}") for number in range(50)]
    for writer in writers:
        line.graph.app.windows.wrote(NUMBER, writer.phone)
    values = [webhook_bodies.text(writer, "hi") for writer in writers]
    values += [webhook_bodies.status(NUMBER, f"wamid.unknown{number}", "delivered", ANA.phone) for number in range(950)]
    assert (await line.meta.post_values(*values)).status_code == 200
    await line.until(lambda: len(line.heard()) == 50)
    assert line.graph.refused == []


async def test_a_delivery_that_failed_because_of_the_window_is_parked_with_a_sentence(line: Line) -> None:
    assert line.graph.app.statuses is not None
    line.graph.app.statuses.failures[ANA.phone] = 131047
    await line.says("hi")
    await line.until_heard("Welcome to Toy")
    await asyncio.gather(*line.graph.app.reports)
    await line.quiet()
    counts = await line.business.runtime.core.store.counts()
    assert counts.outbox_dead == 1
    word = await line.business.runtime.core.store.contacts.last_word(ContactKey(f"whatsapp:{NUMBER}", ANA.phone))
    assert word.refused_at is not None

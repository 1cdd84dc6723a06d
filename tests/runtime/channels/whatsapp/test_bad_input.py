"""Everything that others have seen Meta send, cut off and spoilt in every way, through a whole core.

Whatever the bytes: 200 where they are signed, no exception, nobody else waits. A whole runtime, as a process behind its
own server, gets them in test_bad_input_over_http.py.
"""

from __future__ import annotations

import logging
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.types import ASGIApp

from connectors.clock import ManualClock, SystemClock
from runtime.channels.whatsapp import WhatsAppChannelConfig
from runtime.channels.whatsapp.webhook import WebhookReceiver
from runtime.limits import InboundLimits, RuntimeLimits
from runtime.ports.inbox_store import ContactKey
from runtime.store.sqlite import SQLiteStateStore
from tests.fakes import webhook_bodies
from tests.fakes.webhook_bodies import Writer
from tests.runtime.channels.whatsapp.spoilt_bodies import NUMBER, SPOILERS, published
from tests.runtime.desk import Desk, config, open_desk
from tests.runtime.recording_channel import RecordingChannel

APP_SECRET = "abc123"
HEALTHY = Writer(NUMBER, "34600999888", "Bea")


@asynccontextmanager
async def desk_with_webhook(folder: Path) -> AsyncIterator[tuple[Desk, ASGIApp]]:
    channel = RecordingChannel(f"whatsapp:{NUMBER}", "whatsapp")
    limits = RuntimeLimits(InboundLimits(inbound_per_contact_per_minute=0, loop_messages=0, late_after_s=0))
    active = config()
    object.__setattr__(active, "limits", limits)
    clock = ManualClock(SystemClock().now())
    async with open_desk(SQLiteStateStore(folder / "state.db"), active, channel=channel, clock=clock) as desk:
        number = WhatsAppChannelConfig(NUMBER, "EAAtoken", APP_SECRET, "verify")
        yield desk, WebhookReceiver([number], desk.core.desk, clock)


async def spoil_and_deliver(folder: Path, bodies: list[bytes], count: int, seed: int) -> None:
    chance = random.Random(seed)
    async with desk_with_webhook(folder) as (desk, app):
        transport = httpx2.ASGITransport(app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://desk", timeout=60) as http:

            async def post(body: bytes) -> int:
                signed = {"X-Hub-Signature-256": webhook_bodies.sign(body, APP_SECRET)}
                return (await http.post("/webhook", content=body, headers=signed)).status_code

            for number in range(count):
                spoilt = chance.choice(SPOILERS)(chance, chance.choice(bodies))
                assert await post(spoilt) == 200, f"seed {seed}, body {number}: {spoilt[:2000]!r}"
                if number % 500 == 250:
                    await a_healthy_contact_is_answered(desk, post, number)
            for body in bodies:
                assert await post(body) == 200
            await a_healthy_contact_is_answered(desk, post, count)
            await desk.quiet()
        assert (await desk.core.store.counts()).inbox_dead == 0


async def a_healthy_contact_is_answered(desk: Desk, post: Callable[[bytes], Any], number: int) -> None:
    heard = len(desk.channel.texts(HEALTHY.phone))
    assert (
        await post(webhook_bodies.batch([webhook_bodies.text(HEALTHY, "hola", message_id=f"healthy.{number}")])) == 200
    )

    async def answered() -> bool:
        return len(desk.channel.texts(HEALTHY.phone)) > heard

    await desk.until(answered)


def defects(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR or record.exc_info]


async def test_nothing_that_is_signed_disturbs_the_desk(
    tmp_path: Path, shared_data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await spoil_and_deliver(tmp_path, published(shared_data / "whatsapp"), 600, seed=20261129)
    assert defects(caplog) == []


async def test_what_is_not_signed_too_large_or_cannot_be_stored_is_refused_and_leaves_nothing(
    tmp_path: Path, shared_data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    chance, bodies = random.Random(7), published(shared_data / "whatsapp")
    async with desk_with_webhook(tmp_path) as (desk, app):
        transport = httpx2.ASGITransport(app)
        async with httpx2.AsyncClient(transport=transport, base_url="http://desk") as http:
            for body in chance.sample(bodies, 40):
                spoilt = chance.choice(SPOILERS)(chance, body) + b" "
                wrong = {"X-Hub-Signature-256": webhook_bodies.sign(spoilt + b"x", APP_SECRET)}
                assert (await http.post("/webhook", content=spoilt, headers=wrong)).status_code == 401
            huge = b"[" + b"0," * 2_100_000 + b"0]"
            signed = {"X-Hub-Signature-256": webhook_bodies.sign(huge, APP_SECRET)}
            assert (await http.post("/webhook", content=huge, headers=signed)).status_code == 413
            counts = await desk.core.store.counts()
            assert (counts.inbox_open, counts.inbox_dead, counts.raw_kept) == (0, 0, 0)
            await desk.core.inbox.stop(1)
            body = webhook_bodies.batch([webhook_bodies.text(HEALTHY, "hola")])
            signed = {"X-Hub-Signature-256": webhook_bodies.sign(body, APP_SECRET)}
            assert (await http.post("/webhook", content=body, headers=signed)).status_code == 503
        assert await desk.core.store.inbox.contacts_waiting() == []
        assert desk.channel.texts(ContactKey("", HEALTHY.phone).contact_id) == []
    assert [text for text in defects(caplog) if "the store is unavailable" not in text] == []

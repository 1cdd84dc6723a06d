"""Several numbers of one tenant behind one ``/webhook``: each part of a body goes to the number it names."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx2
import pytest
from starlette.applications import Starlette

from runtime.channels.whatsapp import WhatsAppChannelConfig
from runtime.channels.whatsapp.router import build_routes
from tests.fakes import webhook_bodies
from tests.fakes.loopback import LoopbackServer
from tests.fakes.webhook_bodies import Writer
from tests.fakes.webhook_sender import WebhookSender
from tests.runtime.channels.whatsapp.recording import RecordingIntake, StandingClock

SHOP = WhatsAppChannelConfig("111", "EAA1", "secret-of-app-one", "word-one")
SALON = WhatsAppChannelConfig("222", "EAA2", "secret-of-app-one", "word-one")
CLINIC = WhatsAppChannelConfig("333", "EAA3", "secret-of-app-two", "word-two")

TO_SHOP, TO_SALON, TO_CLINIC = (
    webhook_bodies.text(Writer(phone_number_id=config.phone_number_id), f"to {config.phone_number_id}")
    for config in (SHOP, SALON, CLINIC)
)


@pytest.fixture
async def url(intake: RecordingIntake) -> AsyncIterator[str]:
    app = Starlette(routes=build_routes([SHOP, SALON, CLINIC], intake, StandingClock()))
    async with LoopbackServer(app) as server:
        yield f"{server.url}/webhook"


def said(intake: RecordingIntake) -> list[tuple[str, str]]:
    return [(envelope.channel_id, envelope.message.text) for batch in intake.batches for envelope in batch]


async def test_one_body_may_speak_to_both_numbers_of_an_app(
    url: str, http: httpx2.AsyncClient, intake: RecordingIntake
) -> None:
    read = webhook_bodies.status("222", "wamid.9", "read", "34600111222")
    answer = await WebhookSender(url, SHOP.app_secret, http).post_values(TO_SALON, TO_SHOP, read)
    assert answer.status_code == 200
    assert said(intake) == [("whatsapp:222", "to 222"), ("whatsapp:111", "to 111")]
    assert len(intake.batches) == 1
    assert [status.channel_id for status in intake.statuses] == ["whatsapp:222"]


async def test_another_apps_secret_opens_its_own_number(
    url: str, http: httpx2.AsyncClient, intake: RecordingIntake
) -> None:
    assert (await WebhookSender(url, CLINIC.app_secret, http).post_values(TO_CLINIC)).status_code == 200
    assert said(intake) == [("whatsapp:333", "to 333")]


async def test_an_app_cannot_speak_for_another_apps_number(
    url: str, http: httpx2.AsyncClient, intake: RecordingIntake
) -> None:
    assert (await WebhookSender(url, CLINIC.app_secret, http).post_values(TO_SHOP, TO_CLINIC)).status_code == 200
    assert said(intake) == [("whatsapp:333", "to 333")]


async def test_a_number_that_is_nobodys_is_refused_for_itself_alone(
    url: str, http: httpx2.AsyncClient, intake: RecordingIntake
) -> None:
    foreign = webhook_bodies.text(Writer(phone_number_id="999"), "to 999")
    assert (await WebhookSender(url, SHOP.app_secret, http).post_values(foreign, TO_SHOP)).status_code == 200
    assert said(intake) == [("whatsapp:111", "to 111")]


async def test_a_secret_of_no_number_is_refused(url: str, http: httpx2.AsyncClient, intake: RecordingIntake) -> None:
    assert (await WebhookSender(url, "another", http).post_values(TO_SHOP)).status_code == 401
    assert intake.is_untouched


@pytest.mark.parametrize(("word", "status"), [("word-one", 200), ("word-two", 200), ("word", 403), ("", 403)])
async def test_the_handshake_knows_the_word_of_each_number(
    url: str, http: httpx2.AsyncClient, word: str, status: int
) -> None:
    query = {"hub.mode": "subscribe", "hub.verify_token": word, "hub.challenge": "1158"}
    assert (await http.get(url, params=query)).status_code == status

"""A bot between a fake Telegram and a recording intake, over loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from starlette.applications import Starlette

from connectors.clock import ManualClock
from runtime.channels.telegram import TelegramAdapter, TelegramChannelConfig
from runtime.channels.telegram.bot_api import BotAPI, open_http_client
from runtime.channels.telegram.used_keyboards import UsedKeyboards
from runtime.channels.telegram.webhook import TelegramWebhook
from runtime.channels.telegram.words import words_in
from runtime.store.in_memory import InMemoryStateStore
from tests.fakes.loopback import LoopbackServer
from tests.fakes.telegram import FakeTelegramServer
from tests.runtime.channels.whatsapp.recording import RecordingIntake
from tests.runtime.desk import NOW

TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
SECRET = "a-secret-of-the-webhook"


@pytest.fixture
def config() -> TelegramChannelConfig:
    return TelegramChannelConfig("123456789", TOKEN, SECRET)


@pytest.fixture
def intake() -> RecordingIntake:
    return RecordingIntake()


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegramServer]:
    async with FakeTelegramServer(TOKEN) as server:
        yield server


@pytest.fixture
async def api(telegram: FakeTelegramServer) -> AsyncIterator[BotAPI]:
    client = BotAPI(open_http_client(), telegram.url, TOKEN, total_timeout_s=0.5)
    yield client
    await client.close()


@pytest.fixture
def used_keyboards(api: BotAPI) -> UsedKeyboards:
    return UsedKeyboards(api, words_in("es"))


@pytest.fixture
def adapter(
    config: TelegramChannelConfig, api: BotAPI, used_keyboards: UsedKeyboards, intake: RecordingIntake
) -> TelegramAdapter:
    return TelegramAdapter(
        config, api=api, words=words_in("es"), used_keyboards=used_keyboards, intake=intake, clock=ManualClock(NOW)
    )


@pytest.fixture
async def store() -> InMemoryStateStore:
    store = InMemoryStateStore()
    await store.open()
    return store


@pytest.fixture
async def listening(
    config: TelegramChannelConfig,
    intake: RecordingIntake,
    store: InMemoryStateStore,
    used_keyboards: UsedKeyboards,
    telegram: FakeTelegramServer,
) -> AsyncIterator[FakeTelegramServer]:
    """The fake with the bot's webhook set."""
    webhook = TelegramWebhook(
        config, intake=intake, outgoing=store.outbox, clock=ManualClock(NOW), used_keyboards=used_keyboards
    )
    async with LoopbackServer(Starlette(routes=webhook.routes())) as server:
        telegram.listen(f"{server.url}{config.path}", SECRET)
        yield telegram

"""The webhook on a real server, as the runtime mounts it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx2
import pytest
from starlette.applications import Starlette

from runtime.channels.whatsapp import WhatsAppChannelConfig
from runtime.channels.whatsapp.router import build_routes
from tests.fakes.loopback import LoopbackServer
from tests.fakes.webhook_sender import WebhookSender
from tests.runtime.channels.whatsapp.expectations import NUMBER
from tests.runtime.channels.whatsapp.recording import RecordingIntake, StandingClock

APP_SECRET = "abc123"
VERIFY_TOKEN = "my_verify_token"


@pytest.fixture
def config() -> WhatsAppChannelConfig:
    return WhatsAppChannelConfig(NUMBER, "EAAtoken", APP_SECRET, VERIFY_TOKEN)


@pytest.fixture
def intake() -> RecordingIntake:
    return RecordingIntake()


@pytest.fixture
async def webhook_url(config: WhatsAppChannelConfig, intake: RecordingIntake) -> AsyncIterator[str]:
    app = Starlette(routes=build_routes([config], intake, StandingClock()))
    async with LoopbackServer(app) as server:
        yield f"{server.url}/webhook"


@pytest.fixture
def meta(webhook_url: str, http: httpx2.AsyncClient) -> WebhookSender:
    return WebhookSender(webhook_url, APP_SECRET, http)


@pytest.fixture
async def http() -> AsyncIterator[httpx2.AsyncClient]:
    async with httpx2.AsyncClient(trust_env=False, timeout=20, verify=False) as client:
        yield client

"""A tenant that nobody writes to: one WhatsApp number, and something to do on Mondays."""

from __future__ import annotations

import asyncio
from typing import Final

import httpx2

from flow_engine.bundle import seal
from flow_engine.vocabulary import JSONObject
from tests.fakes import webhook_bodies
from tests.fakes.graph_server import FakeGraphServer
from tests.fakes.webhook_bodies import Writer
from tests.fakes.webhook_sender import WebhookSender
from tests.flow_engine.normalised import program, state, text
from tests.runtime.bundles.bundle_line import KEY, payload, secret

NUMBER, TOKEN, APP_SECRET = "106540352242922", "EAAgood", "abc123"
HOLD_S: Final = 25.0
"""So long a control plane holds a request for commands while there are none."""


def release() -> bytes:
    """One WhatsApp number, and something to do on Mondays."""
    values = {"access_token": TOKEN, "app_secret": APP_SECRET, "verify_token": "v"}
    sealed: JSONObject = {f"channels.0.{name}": secret(f"channels.0.{name}", value) for name, value in values.items()}
    weekly: JSONObject = {"id": "weekly", "task": "greet", "cron": "0 9 * * 1", "interval_seconds": None}
    flow = program({"MENU": state(text("Menu"))}, tasks={"greet": [text("Hello")]}, standing_schedules=[weekly])
    channels: list[JSONObject] = [{"type": "whatsapp", "phone_number_id": NUMBER}]
    return seal(payload(1, program=flow, channels=list(channels), secrets=sealed), KEY)


async def answer_somebody(url: str, graph: FakeGraphServer) -> None:
    """So that whatever a message sets going has been going."""
    async with httpx2.AsyncClient(trust_env=False) as http:
        meta = WebhookSender(f"{url}/webhook", APP_SECRET, http)
        assert (await meta.post_values(webhook_bodies.text(Writer(NUMBER, "34600111222", "Ana"), "hi"))).is_success
    while not graph.sent:
        await asyncio.sleep(0.01)

"""``/webhook``, ready to be mounted."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.routing import Route

from runtime.channels.whatsapp.config import WhatsAppChannelConfig
from runtime.channels.whatsapp.webhook import WebhookHandshake, WebhookReceiver
from runtime.ports.clock import Clock
from runtime.ports.inbox import InboundIntake

WEBHOOK_PATH = "/webhook"


def build_routes(numbers: Sequence[WhatsAppChannelConfig], intake: InboundIntake, clock: Clock) -> list[Route]:
    """The two routes that all ``numbers`` share. ``intake`` and ``clock`` are used for as long as the routes live."""
    handshake = WebhookHandshake(numbers)
    return [
        Route(WEBHOOK_PATH, handshake.__call__, methods=["GET"], name="whatsapp_handshake"),
        Route(WEBHOOK_PATH, WebhookReceiver(numbers, intake, clock), methods=["POST"], name="whatsapp_webhook"),
    ]

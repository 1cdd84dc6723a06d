"""``/webhook``, ready to be mounted."""

from __future__ import annotations

from starlette.routing import Route

from runtime.channels.whatsapp.config import WhatsAppChannelConfig
from runtime.channels.whatsapp.webhook import WebhookHandshake, WebhookReceiver
from runtime.ports.clock import Clock
from runtime.ports.inbox import InboundIntake

WEBHOOK_PATH = "/webhook"


def build_routes(config: WhatsAppChannelConfig, intake: InboundIntake, clock: Clock) -> list[Route]:
    """The channel's two routes. ``intake`` and ``clock`` are used for as long as the routes live."""
    handshake = WebhookHandshake(config)
    return [
        Route(WEBHOOK_PATH, handshake.__call__, methods=["GET"], name="whatsapp_handshake"),
        Route(WEBHOOK_PATH, WebhookReceiver(config, intake, clock), methods=["POST"], name="whatsapp_webhook"),
    ]

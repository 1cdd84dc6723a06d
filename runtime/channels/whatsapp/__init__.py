"""The WhatsApp Cloud API as a channel: ``/webhook`` in, the Graph API out."""

from runtime.channels.whatsapp.adapter import WhatsAppAdapter
from runtime.channels.whatsapp.config import WhatsAppChannelConfig, parse_whatsapp_channel
from runtime.channels.whatsapp.inbound import ParsedWebhook, UnreadableBody, parse_webhook
from runtime.channels.whatsapp.outbound import build_message

__all__ = [
    "ParsedWebhook",
    "UnreadableBody",
    "WhatsAppAdapter",
    "WhatsAppChannelConfig",
    "build_message",
    "parse_webhook",
    "parse_whatsapp_channel",
]

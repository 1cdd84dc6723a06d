"""From the bytes of a webhook to messages, delivery statuses and notices. Pure: no I/O, no clock."""

from runtime.channels.whatsapp.inbound.envelope import parse_webhook
from runtime.channels.whatsapp.inbound.parsed import Notice, NoticeKind, ParsedWebhook, UnreadableBody

__all__ = ["Notice", "NoticeKind", "ParsedWebhook", "UnreadableBody", "parse_webhook"]

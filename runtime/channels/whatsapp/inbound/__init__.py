"""From the bytes of a webhook to messages, delivery statuses and notices. Pure: no I/O, no clock."""

from runtime.channels.whatsapp.inbound.envelope import PROFILE, parse_webhook
from runtime.channels.whatsapp.inbound.parsed import Notice, NoticeKind, ParsedWebhook, UnreadableBody

__all__ = ["PROFILE", "Notice", "NoticeKind", "ParsedWebhook", "UnreadableBody", "parse_webhook"]

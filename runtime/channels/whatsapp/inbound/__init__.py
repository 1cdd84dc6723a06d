"""From the bytes of a webhook to messages, delivery statuses and notices. Pure: no I/O, no clock."""

from runtime.channels.whatsapp.inbound.envelope import PROFILE, parse_webhook
from runtime.channels.whatsapp.inbound.notes import notes_of
from runtime.channels.whatsapp.inbound.parsed import Notice, NoticeKind, ParsedWebhook, UnreadableBody

__all__ = ["PROFILE", "Notice", "NoticeKind", "ParsedWebhook", "UnreadableBody", "notes_of", "parse_webhook"]

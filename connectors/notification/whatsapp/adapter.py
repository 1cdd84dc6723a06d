"""``WhatsAppNotificationAdapter``: one message in the outbox, under the rules that every message there has."""

from __future__ import annotations

import hashlib

from connectors.binding import Binding
from connectors.errors import RejectedError
from connectors.notification.port import Notification, NotificationConnector
from connectors.notification.whatsapp.config import WhatsAppNotificationConfig, read_config
from connectors.probe import ProbeResult, unchecked
from connectors.staff_line import StaffLine, StaffMessage
from connectors.words import Words

CATEGORIES = frozenset({"notification"})
CONFIG = WhatsAppNotificationConfig


class WhatsAppNotificationAdapter(NotificationConnector):
    """``line`` is ``None`` where there is no runtime: a form, a check before publishing."""

    def __init__(self, config: WhatsAppNotificationConfig, line: StaffLine | None) -> None:
        self._config = config
        self._line = line

    async def notify(self, notification: Notification) -> None:
        config = self._config
        if notification.recipient and notification.recipient != config.to:
            raise RejectedError("notify: 'recipient' is not the configured number")
        if self._line is None:
            raise RejectedError("notify: there is no channel to send on")
        text = "\n".join(part for part in (notification.subject, notification.text) if part)
        key = notification.idempotency_key or hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]
        template = (config.template, config.template_language)
        await self._line.put(StaffMessage(config.to, text, key, config.phone_number_id, template))

    async def probe(self) -> ProbeResult:
        return unchecked(
            Words(
                "A notice goes out over the business's own WhatsApp number; check that channel instead.",
                "El aviso sale por el WhatsApp del negocio; comprueba ese canal.",
            )
        )


def build(binding: Binding) -> WhatsAppNotificationAdapter:
    """From a block of configuration."""
    return WhatsAppNotificationAdapter(read_config(binding.options, binding.path), binding.staff_line)

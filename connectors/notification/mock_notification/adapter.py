"""``MockNotificationAdapter``: keeps what it was told, once per idempotency key."""

from __future__ import annotations

from connectors.binding import Binding
from connectors.kernel.config_reader import ConfigReader
from connectors.notification.port import Notification, NotificationConnector

CATEGORIES = frozenset({"notification"})
CONFIG = None


class MockNotificationAdapter(NotificationConnector):
    """``sent`` lists the accepted messages in order."""

    def __init__(self) -> None:
        self.sent: list[Notification] = []

    async def notify(self, notification: Notification) -> None:
        key = notification.idempotency_key
        if key and any(earlier.idempotency_key == key for earlier in self.sent):
            return
        self.sent.append(notification)


def build(binding: Binding) -> MockNotificationAdapter:
    """Takes no options."""
    ConfigReader(binding.options, binding.path).finish()
    return MockNotificationAdapter()

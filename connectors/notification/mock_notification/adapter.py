"""``MockNotificationAdapter``: keeps what it was told, once per idempotency key."""

from __future__ import annotations

from connectors.notification.port import Notification, NotificationConnector


class MockNotificationAdapter(NotificationConnector):
    """``sent`` lists the accepted messages in order."""

    def __init__(self) -> None:
        self.sent: list[Notification] = []

    async def notify(self, notification: Notification) -> None:
        key = notification.idempotency_key
        if key and any(earlier.idempotency_key == key for earlier in self.sent):
            return
        self.sent.append(notification)

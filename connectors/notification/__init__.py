"""Telling the people of the business that something needs them."""

from connectors.notification.mock_notification.adapter import MockNotificationAdapter
from connectors.notification.port import Notification, NotificationConnector

__all__ = ["MockNotificationAdapter", "Notification", "NotificationConnector"]

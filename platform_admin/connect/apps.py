"""Django's entry for this app."""

from __future__ import annotations

from django.apps import AppConfig


class ConnectConfig(AppConfig):
    name = "platform_admin.connect"
    label = "connect"
    default_auto_field = "django.db.models.BigAutoField"

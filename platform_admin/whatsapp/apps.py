"""Django's entry for this app."""

from __future__ import annotations

from django.apps import AppConfig


class WhatsAppConfig(AppConfig):
    name = "platform_admin.whatsapp"
    label = "whatsapp"
    default_auto_field = "django.db.models.BigAutoField"

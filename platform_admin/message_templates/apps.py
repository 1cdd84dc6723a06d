"""Django's entry for this app."""

from __future__ import annotations

from django.apps import AppConfig


class MessageTemplatesConfig(AppConfig):
    name = "platform_admin.message_templates"
    label = "message_templates"
    default_auto_field = "django.db.models.BigAutoField"

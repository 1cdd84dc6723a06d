"""Django's entry for this app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MessageTemplatesConfig(AppConfig):
    name = "platform_admin.message_templates"
    label = "message_templates"
    verbose_name = _("Message templates")
    default_auto_field = "django.db.models.BigAutoField"

"""Django's entry for this app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommandsConfig(AppConfig):
    name = "platform_admin.commands"
    label = "commands"
    verbose_name = _("Requests to runtimes")
    default_auto_field = "django.db.models.BigAutoField"

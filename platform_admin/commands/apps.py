"""Django's entry for this app."""

from __future__ import annotations

from django.apps import AppConfig


class CommandsConfig(AppConfig):
    name = "platform_admin.commands"
    label = "commands"
    default_auto_field = "django.db.models.BigAutoField"

"""Django's entry for this app."""

from __future__ import annotations

from django.apps import AppConfig


class FleetConfig(AppConfig):
    name = "platform_admin.fleet"
    label = "fleet"
    default_auto_field = "django.db.models.BigAutoField"

"""Django's entry for this app."""

from __future__ import annotations

from django.apps import AppConfig


class ObservabilityConfig(AppConfig):
    name = "platform_admin.observability"
    label = "observability"
    default_auto_field = "django.db.models.BigAutoField"

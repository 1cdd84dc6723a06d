"""Django's entry for this app."""

from __future__ import annotations

from django.apps import AppConfig


class SightConfig(AppConfig):
    name = "platform_admin.sight"
    label = "sight"
    default_auto_field = "django.db.models.BigAutoField"

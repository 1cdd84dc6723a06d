"""Django's entry for this app."""

from __future__ import annotations

from django.apps import AppConfig


class BusinessConfig(AppConfig):
    name = "platform_admin.business"
    label = "business"
    default_auto_field = "django.db.models.BigAutoField"

"""Django's entry for this app."""

from __future__ import annotations

from django.apps import AppConfig


class AuthoringConfig(AppConfig):
    name = "platform_admin.authoring"
    label = "authoring"
    default_auto_field = "django.db.models.BigAutoField"

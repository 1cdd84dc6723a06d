"""Django's entry for this app."""

from __future__ import annotations

from django.apps import AppConfig


class CredentialsConfig(AppConfig):
    name = "platform_admin.credentials"
    label = "credentials"
    default_auto_field = "django.db.models.BigAutoField"

"""Django's entry for this app."""

from __future__ import annotations

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "platform_admin.privacy"
    label = "privacy"
    default_auto_field = "django.db.models.BigAutoField"

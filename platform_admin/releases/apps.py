"""Django's entry for this app."""

from __future__ import annotations

from django.apps import AppConfig


class ReleasesConfig(AppConfig):
    name = "platform_admin.releases"
    label = "releases"
    default_auto_field = "django.db.models.BigAutoField"

"""Django's entry for this app."""

from __future__ import annotations

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "platform_admin.jobs"
    label = "jobs"
    default_auto_field = "django.db.models.BigAutoField"

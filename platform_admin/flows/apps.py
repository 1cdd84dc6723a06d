"""Django's entry for this app."""

from __future__ import annotations

from django.apps import AppConfig


class FlowsConfig(AppConfig):
    name = "platform_admin.flows"
    label = "flows"
    default_auto_field = "django.db.models.BigAutoField"

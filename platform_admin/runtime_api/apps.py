"""Django's entry for this app."""

from __future__ import annotations

from importlib import import_module

from django.apps import AppConfig


class RuntimeApiConfig(AppConfig):
    name = "platform_admin.runtime_api"
    label = "runtime_api"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # drf-spectacular finds extensions by their class having been made.
        import_module("platform_admin.runtime_api.description")

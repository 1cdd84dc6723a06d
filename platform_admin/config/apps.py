"""Django's entry for this app."""

from __future__ import annotations

from django.apps import AppConfig
from django.contrib import admin


class ConfigConfig(AppConfig):
    name = "platform_admin.config"
    label = "config"

    def ready(self) -> None:
        from platform_admin.config.translated_models import translate  # noqa: PLC0415 - models are not there before

        translate(admin.site)

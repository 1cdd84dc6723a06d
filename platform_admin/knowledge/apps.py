"""Django's entry for this app."""

from __future__ import annotations

from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    name = "platform_admin.knowledge"
    label = "knowledge"
    default_auto_field = "django.db.models.BigAutoField"

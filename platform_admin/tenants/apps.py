"""Django's entry for this app."""

from __future__ import annotations

from django.apps import AppConfig


class TenantsConfig(AppConfig):
    name = "platform_admin.tenants"
    label = "tenants"
    default_auto_field = "django.db.models.BigAutoField"

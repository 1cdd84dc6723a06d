"""Django's entry for this app."""

from __future__ import annotations

from django.apps import AppConfig


class DoctorConfig(AppConfig):
    name = "platform_admin.doctor"
    label = "doctor"
    default_auto_field = "django.db.models.BigAutoField"

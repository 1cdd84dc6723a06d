"""Django's entry for this app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ObservabilityConfig(AppConfig):
    name = "platform_admin.observability"
    label = "observability"
    verbose_name = _("What runtimes tell")
    default_auto_field = "django.db.models.BigAutoField"

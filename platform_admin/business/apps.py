"""Django's entry for this app."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BusinessConfig(AppConfig):
    name = "platform_admin.business"
    label = "business"
    verbose_name = _("Business settings")
    default_auto_field = "django.db.models.BigAutoField"

"""The templates of tenants' accounts, to look at. WhatsApp Manager is where they are changed."""

from __future__ import annotations

from django.contrib import admin

from platform_admin.message_templates.models import MessageTemplate, TemplateAccount
from platform_admin.tenants.scoped_admin import ReadOnlyAdmin


@admin.register(MessageTemplate)
class MessageTemplateAdmin(ReadOnlyAdmin):
    list_display = ["name", "language", "category", "status", "quality", "tenant", "seen_at"]
    list_filter = ["status", "category", "language"]
    list_select_related = ["tenant"]
    search_fields = ["name"]
    fields = [
        *("tenant", "account", "name", "language", "category", "status", "quality", "reason"),
        *("parameters", "header", "buttons", "seen_at"),
    ]


@admin.register(TemplateAccount)
class TemplateAccountAdmin(ReadOnlyAdmin):
    list_display = ["waba_id", "tenant", "fetched_at", "fault"]
    list_select_related = ["tenant"]
    fields = ["tenant", "waba_id", "fetched_at", "fault"]

"""Requests to runtimes in the admin: to look at."""

from __future__ import annotations

from django.contrib import admin

from platform_admin.commands.models import RuntimeCommand
from platform_admin.tenants.scoped_admin import ReadOnlyAdmin


@admin.register(RuntimeCommand)
class RuntimeCommandAdmin(ReadOnlyAdmin):
    list_display = ["kind", "tenant", "state", "issued_at", "issued_by", "finished_at", "detail"]
    list_select_related = ["tenant", "issued_by"]
    list_filter = ["state", "kind"]
    # Not the payload: it may hold a person's words.
    fields = [
        "tenant", "kind", "state", "public_id", "issued_at", "issued_by", "expires_at", "delivered_at", "finished_at",
        "detail",
    ]  # fmt: skip

"""Flows in the admin. Writing happens on the authoring pages."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Max, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_lazy

from platform_admin.flows import actions
from platform_admin.flows.models import Flow, FlowVersion
from platform_admin.tenants.scoped_admin import ReadOnlyAdmin, ScopedAdmin, signed_in


@admin.register(Flow)
class FlowAdmin(ScopedAdmin):
    list_display = ["name", "tenant", "last_version", "draft_link"]
    list_select_related = ["tenant"]
    search_fields = ["name", "tenant__slug"]
    fields = ["tenant", "name"]

    def get_readonly_fields(self, request: HttpRequest, obj: Flow | None = None) -> list[str]:
        return ["tenant", "name", "last_version", "draft_link"] if obj else []

    def get_fields(self, request: HttpRequest, obj: Flow | None = None) -> list[str]:
        return ["tenant", "name", "last_version", "draft_link"] if obj else ["tenant", "name"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).annotate(last=Max("versions__number"))

    @admin.display(description=gettext_lazy("last version"))
    def last_version(self, flow: Flow) -> str:
        last = getattr(flow, "last", None)
        return gettext("version %(number)s") % {"number": last} if last else gettext("none yet")

    @admin.display(description=gettext_lazy("draft"))
    def draft_link(self, flow: Flow) -> str:
        # The theme's own classes for links; it shows bare ones as text.
        return format_html(
            '<a href="{}" class="text-primary-600 dark:text-primary-500 underline">{}</a>',
            reverse("authoring:conversation", args=[flow.tenant.slug]),
            gettext("Open the editor"),
        )

    def has_change_permission(self, request: HttpRequest, obj: Flow | None = None) -> bool:
        """A flow's tenant and name never change; what is written in it does, on the authoring pages."""
        return obj is None and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Flow | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Flow, form: Any, change: bool) -> None:
        if not change:
            obj.pk = actions.create_flow(tenant=obj.tenant, name=obj.name, by=signed_in(request)).pk


@admin.register(FlowVersion)
class FlowVersionAdmin(ReadOnlyAdmin):
    list_display = ["number", "flow", "tenant", "created_at", "created_by"]
    list_select_related = ["flow__tenant", "tenant", "created_by"]
    fields = ["tenant", "flow", "number", "created_at", "created_by", "source"]

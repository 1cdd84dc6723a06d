"""Tenants, tokens and the audit trail in the admin. Translates to actions; decides nothing."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, gettext_lazy

from platform_admin.tenants import actions
from platform_admin.tenants.models import AuditEntry, Membership, Role, RuntimeToken, Tenant
from platform_admin.tenants.queries import tenants_of
from platform_admin.tenants.scoped_admin import PermissionFirst, ReadOnlyAdmin, signed_in


@admin.register(Tenant)
class TenantAdmin(PermissionFirst):
    list_display = ["name", "slug", "status", "language", "timezone", "created_at"]
    list_filter = ["status"]
    search_fields = ["slug", "name"]
    fields = ["slug", "name", "status", "language", "timezone", "needs_second_person"]
    view_on_site = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tenant]:
        return tenants_of(signed_in(request))

    def get_readonly_fields(self, request: HttpRequest, obj: Tenant | None = None) -> list[str]:
        return ["slug"] if obj else []

    def has_add_permission(self, request: HttpRequest) -> bool:
        # A tenant needs its key and its runtime's token as well: `manage.py provision_tenant` makes all three.
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Tenant | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Tenant, form: Any, change: bool) -> None:
        actions.save_tenant(tenant=obj, by=signed_in(request), changed=form.changed_data)


@admin.register(RuntimeToken)
class RuntimeTokenAdmin(ReadOnlyAdmin):
    list_display = ["prefix", "tenant", "label", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at"]
    list_select_related = ["tenant"]
    fields = ["tenant", "prefix", "label", "scopes", "created_at", "expires_at", "last_used_at", "revoked_at"]
    actions = ["revoke"]

    @admin.action(description=gettext_lazy("Revoke: the runtime can no longer fetch with it"))
    def revoke(self, request: HttpRequest, queryset: QuerySet[RuntimeToken]) -> None:
        for token in queryset:
            actions.revoke_runtime_token(token=token, by=signed_in(request))
        self.message_user(
            request, gettext("Revoked. A runtime that is running goes on with what it has."), messages.WARNING
        )


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnlyAdmin):
    list_display = ["at", "actor_label", "verb", "subject", "tenant"]
    list_select_related = ["tenant"]
    search_fields = ["actor_label", "verb", "subject"]
    fields = ["at", "actor_label", "verb", "subject", "tenant", "details"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditEntry]:
        user = signed_in(request)
        if user.is_superuser:
            return AuditEntry.objects.all()
        owned = Membership.objects.filter(user=user, role=Role.OWNER).values("tenant")
        return AuditEntry.objects.filter(tenant__in=owned)

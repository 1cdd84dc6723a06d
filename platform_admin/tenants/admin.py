"""Tenants, tokens and the audit trail in the admin. Translates to actions; decides nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_POST

from platform_admin.errors import ControlPlaneError
from platform_admin.tenants import actions, lifecycle
from platform_admin.tenants.models import AuditEntry, Membership, Role, RuntimeToken, Tenant, User
from platform_admin.tenants.queries import tenants_of
from platform_admin.tenants.scoped_admin import PermissionFirst, ReadOnlyAdmin, signed_in

_LONGEST_REASON: Final = 500
"""Characters of a reason in the trail: ours, a paragraph."""


@admin.register(Tenant)
class TenantAdmin(PermissionFirst):
    list_display = ["name", "slug", "status", "language", "timezone", "created_at"]
    list_filter = ["status"]
    search_fields = ["slug", "name"]
    fields = ["slug", "name", "status", "delete_after", "language", "timezone", "needs_second_person"]
    change_form_outer_after_template = "admin/tenants/tenant/lifecycle.html"
    view_on_site = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tenant]:
        return tenants_of(signed_in(request))

    def get_readonly_fields(self, request: HttpRequest, obj: Tenant | None = None) -> list[str]:
        # Deleting takes a typed slug and a week (``manage.py delete_tenant``): no field may stand for it.
        return ["slug", "status", "delete_after"]

    def get_urls(self) -> list[URLPattern]:
        pressed = self.admin_site.admin_view
        return [
            path("<path:object_id>/suspend/", pressed(require_POST(self.suspend)), name="tenants_tenant_suspend"),
            path("<path:object_id>/resume/", pressed(require_POST(self.resume)), name="tenants_tenant_resume"),
            *super().get_urls(),
        ]

    def suspend(self, request: HttpRequest, object_id: str) -> HttpResponse:
        reason = request.POST.get("reason", "").strip()[:_LONGEST_REASON]
        return self._do(request, object_id, lambda tenant, by: lifecycle.suspend(tenant=tenant, by=by, reason=reason))

    def resume(self, request: HttpRequest, object_id: str) -> HttpResponse:
        return self._do(request, object_id, lambda tenant, by: lifecycle.resume(tenant=tenant, by=by))

    def _do(self, request: HttpRequest, object_id: str, verb: Callable[[Tenant, User], Tenant]) -> HttpResponse:
        if not self.has_change_permission(request):
            raise PermissionDenied
        tenant = self.get_object(request, object_id)
        if tenant is None:
            raise Http404
        try:
            done = verb(tenant, signed_in(request))
        except ControlPlaneError as error:
            self.message_user(request, error.message, messages.ERROR)
        else:
            self.message_user(request, f"{done}: {done.get_status_display()}", messages.SUCCESS)
        return redirect("admin:tenants_tenant_change", tenant.pk)

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

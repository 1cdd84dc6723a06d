"""Tenants, people, tokens and the audit trail in the admin. Translates to actions; decides nothing."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from platform_admin.tenants import actions
from platform_admin.tenants.models import AuditEntry, Membership, Role, RuntimeToken, Tenant, User
from platform_admin.tenants.queries import tenants_of
from platform_admin.tenants.scoped_admin import ReadOnlyAdmin, ScopedAdmin, signed_in

admin.site.unregister(Group)


@admin.register(Tenant)
class TenantAdmin(ModelAdmin):
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


class _NewUserForm(UserCreationForm):
    class Meta:
        model = User
        fields = ["email"]


@admin.register(User)
class UserAdmin(DjangoUserAdmin, ModelAdmin):  # type: ignore[type-arg] # generic in the stubs only
    form = UserChangeForm
    add_form = _NewUserForm
    change_password_form = AdminPasswordChangeForm
    ordering = ["email"]
    list_display = ["email", "name", "is_active", "is_superuser", "last_login"]
    list_filter = ["is_active", "is_superuser"]
    search_fields = ["email", "name"]
    readonly_fields = ["last_login", "created_at"]
    filter_horizontal = []
    fieldsets = [
        (None, {"fields": ["email", "password", "name"]}),
        ("May", {"fields": ["is_active", "is_staff", "is_superuser"]}),
        ("Times", {"fields": ["last_login", "created_at"]}),
    ]
    add_fieldsets = [(None, {"classes": ["wide"], "fields": ["email", "password1", "password2"]})]

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        # The audit trail points at people; who leaves is made inactive.
        return False

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        actions.save_user(user=obj, changed=form.changed_data, by=signed_in(request))


@admin.register(Membership)
class MembershipAdmin(ScopedAdmin):
    list_display = ["user", "tenant", "role"]
    list_filter = ["role"]
    search_fields = ["user__email", "tenant__slug"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        return Membership.objects.filter(tenant__in=tenants_of(signed_in(request))).select_related("user", "tenant")

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: bool) -> None:
        actions.save_membership(membership=obj, by=signed_in(request))

    def delete_model(self, request: HttpRequest, obj: Membership) -> None:
        actions.remove_membership(membership=obj, by=signed_in(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        for membership in queryset:
            actions.remove_membership(membership=membership, by=signed_in(request))


@admin.register(RuntimeToken)
class RuntimeTokenAdmin(ReadOnlyAdmin):
    list_display = ["prefix", "tenant", "label", "created_at", "last_used_at", "revoked_at"]
    list_select_related = ["tenant"]
    fields = ["tenant", "prefix", "label", "created_at", "last_used_at", "revoked_at"]
    actions = ["revoke"]

    @admin.action(description="Revoke: the runtime can no longer fetch with it")
    def revoke(self, request: HttpRequest, queryset: QuerySet[RuntimeToken]) -> None:
        for token in queryset:
            actions.revoke_runtime_token(token=token, by=signed_in(request))
        self.message_user(request, "Revoked. A runtime that is running goes on with what it has.", messages.WARNING)


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

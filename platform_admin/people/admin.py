"""People and who belongs where, for operators. Translates to actions; decides nothing."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.models import Group
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy

from platform_admin.errors import ControlPlaneError
from platform_admin.people.actions import accounts
from platform_admin.people.actions.second_factor import reset
from platform_admin.people.posting import post
from platform_admin.tenants.models import Membership, User
from platform_admin.tenants.queries import tenants_of
from platform_admin.tenants.scoped_admin import PermissionFirst, ReadOnlyAdmin, signed_in

admin.site.unregister(Group)


@admin.register(User)
class UserAdmin(PermissionFirst):
    """Passwords are nobody's but the person's: what is offered is a link to set one."""

    ordering = ["email"]
    list_display = ["email", "name", "is_active", "is_superuser", "last_login"]
    list_filter = ["is_active", "is_superuser"]
    search_fields = ["email", "name"]
    readonly_fields = ["email", "last_login", "created_at"]
    fieldsets = [
        (None, {"fields": ["email", "name"]}),
        (gettext_lazy("May"), {"fields": ["is_active", "is_superuser"]}),
        (gettext_lazy("Times"), {"fields": ["last_login", "created_at"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["email", "name"], "description": gettext_lazy("A new operator, told by mail.")})
    ]
    actions = ["send_link", "reset_second_factor", "sign_out"]
    view_on_site = False

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        # The audit trail points at people; who leaves is made inactive.
        return False

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        return super().get_fieldsets(request, obj) if obj else self.add_fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> list[str]:
        return self.readonly_fields if obj else []

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except ControlPlaneError as error:
            self.message_user(request, error.message, messages.ERROR)
            return redirect(request.get_full_path())

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        by = signed_in(request)
        if change:
            accounts.save_user(user=obj, changed=form.changed_data, by=by)
        else:
            obj.pk = accounts.add_operator(email=obj.email, name=obj.name, by=by, now=timezone.now()).pk

    @admin.action(description=gettext_lazy("Send a link to set a new password"))
    def send_link(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            letter = "new_password" if user.has_usable_password() else "set_up"
            post(letter, now=timezone.now(), email=user.email, user=user.pk)
        self.message_user(request, gettext("The links are on their way."), messages.SUCCESS)

    @admin.action(description=gettext_lazy("Remove the second factor (phone and recovery codes are lost)"))
    def reset_second_factor(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            reset(user=user, by=signed_in(request), now=timezone.now())
        self.message_user(request, gettext("Removed; they are signed out and told by mail."), messages.WARNING)

    @admin.action(description=gettext_lazy("Sign out everywhere"))
    def sign_out(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            accounts.sign_out_everywhere(user=user, by=signed_in(request))
        self.message_user(request, gettext("Signed out."), messages.SUCCESS)


@admin.register(Membership)
class MembershipAdmin(ReadOnlyAdmin):
    """To look through; roles change on the people's page of each business."""

    list_display = ["user", "tenant", "role"]
    list_filter = ["role"]
    search_fields = ["user__email", "tenant__slug"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        return Membership.objects.filter(tenant__in=tenants_of(signed_in(request))).select_related("user", "tenant")

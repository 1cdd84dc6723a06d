"""The two bases of every admin page on tenants' data. Nothing may be registered on a plain ``ModelAdmin``."""

from __future__ import annotations

from typing import Any, Literal

from django.db.models import ForeignKey, Model, QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from platform_admin.errors import NotAllowedError
from platform_admin.tenants.immutable import TenantVersion
from platform_admin.tenants.models import Tenant, User
from platform_admin.tenants.queries import tenants_of
from platform_admin.tenants.scoping import TenantOwned


def signed_in(request: HttpRequest) -> User:
    """The person behind a request that the admin let through. Raises ``NotAllowedError`` for anyone else."""
    if not isinstance(request.user, User):
        raise NotAllowedError("Sign in first.")
    return request.user


class ScopedAdmin(ModelAdmin):
    """Rows, and choices of foreign keys, of the person's own tenants only."""

    view_on_site = False
    list_per_page = 50
    compressed_fields = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.model.objects.for_user(signed_in(request))
        ordering = self.get_ordering(request)
        return rows.order_by(*ordering) if ordering else rows

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField[Any] | None:
        kwargs["queryset"] = choices_for(db_field.related_model, signed_in(request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class ReadOnlyAdmin(ScopedAdmin):
    """Rows to look at; what changes them is an action elsewhere, or nothing."""

    def has_add_permission(self, request: HttpRequest, *args: Any) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


def choices_for(model: type[Model] | Literal["self"], user: User) -> QuerySet[Any]:
    """What a person may choose from in a form. A model without a tenant path gives nothing (fail closed)."""
    if model is Tenant:
        return tenants_of(user)
    if model == "self":
        return User.objects.none()
    if issubclass(model, (TenantOwned, TenantVersion)):
        return model.objects.for_user(user)
    if model is User and user.is_superuser:
        return User.objects.all()
    return User.objects.none()

"""The two bases of every admin page on tenants' data. Nothing may be registered on a plain ``ModelAdmin``."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final, Literal

from django.core.exceptions import PermissionDenied
from django.db.models import ForeignKey, JSONField, Model, QuerySet
from django.forms import ModelChoiceField
from django.http import HttpRequest, HttpResponse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from unfold.admin import ModelAdmin

from platform_admin.errors import NotAllowedError
from platform_admin.tenants.immutable import TenantVersion
from platform_admin.tenants.models import Tenant, User
from platform_admin.tenants.queries import tenants_of
from platform_admin.tenants.scoping import TenantOwned


def signed_in(request: HttpRequest) -> User:
    """The person behind a request that the admin let through. Raises ``NotAllowedError`` for anyone else."""
    if not isinstance(request.user, User):
        raise NotAllowedError(_("Sign in first."))
    return request.user


class PermissionFirst(ModelAdmin):
    """Who may not see a kind of row is told so before a row is looked for, so the answer tells of no row."""

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        # Django looks for the object first, and answers 302 where there is none and 403 where there is one.
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)


class ScopedAdmin(PermissionFirst):
    """Rows, and choices of foreign keys, of the person's own tenants only."""

    view_on_site = False
    list_per_page = 50
    compressed_fields = True

    @property
    def readonly_preprocess_fields(self) -> dict[str, Callable[[str], str]]:
        fields = self.model._meta.fields  # noqa: SLF001 - Django documents _meta for this
        return {field.name: _without_colours for field in fields if isinstance(field, JSONField)}

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


_STYLE: Final = re.compile(r' style="[^"]*"')


def _without_colours(shown: str) -> str:
    """JSON as the theme shows it where pygments is installed, less the style attributes, which our policy forbids.

    A quotation mark of the value itself is ``&quot;`` here, so nothing but an attribute is taken out.
    """
    return SafeString(_STYLE.sub("", shown)) if isinstance(shown, SafeString) else shown


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

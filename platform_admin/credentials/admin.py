"""Credentials in the admin: a value goes in and never comes out; what is shown is ``••••`` and the last four."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.timezone import localtime
from django.utils.translation import gettext, gettext_lazy
from unfold.widgets import UnfoldAdminPasswordWidget

from platform_admin.credentials import actions
from platform_admin.credentials.models import USES_KEPT_DAYS, Credential
from platform_admin.credentials.queries import uses_of
from platform_admin.credentials.spoken import by_whom, what_for
from platform_admin.tenants.scoped_admin import ScopedAdmin, signed_in

SHOWN: Final = 20
"""Lines of the use log on the page of a credential."""


class CredentialForm(forms.ModelForm):  # type: ignore[type-arg] # generic in the stubs only
    value = forms.CharField(
        label=gettext_lazy("New value"),
        required=False,
        widget=UnfoldAdminPasswordWidget(attrs={"autocomplete": "new-password"}, render_value=False),
        help_text=gettext_lazy("Stored encrypted and never shown again. Empty keeps the stored one."),
    )

    class Meta:
        model = Credential
        fields = ["tenant", "field", "expires_on"]

    def clean_value(self) -> str:
        value: str = self.cleaned_data.get("value") or ""
        if not value and self.instance.pk is None:
            raise forms.ValidationError(gettext("A new credential needs its value."))
        return value


@admin.register(Credential)
class CredentialAdmin(ScopedAdmin):
    form = CredentialForm
    list_display = ["field", "tenant", "masked", "expires_on", "updated_at", "updated_by"]
    list_select_related = ["tenant", "updated_by"]
    search_fields = ["field"]

    @admin.display(description=gettext_lazy("stored value"))
    def masked(self, credential: Credential) -> str:
        return f"••••{credential.last4}"

    @admin.display(description=gettext_lazy("use log"))
    def use_log(self, credential: Credential) -> str:
        """The newest lines, read only; ``manage.py credential_uses`` has all of them."""
        uses = uses_of(credential.tenant, field=credential.field)[:SHOWN]
        lines = ((localtime(use.at), by_whom(use), what_for(use)) for use in uses)
        told = [(date_format(at, "SHORT_DATETIME_FORMAT"), who, what) for at, who, what in lines]
        if not told:
            return gettext("Not used in the last %(days)d days.") % {"days": USES_KEPT_DAYS}
        return format_html("<ul>{}</ul>", format_html_join("", "<li>{}: {}: {}</li>", told))

    def get_readonly_fields(self, request: HttpRequest, obj: Credential | None = None) -> list[str]:
        return ["tenant", "field", "masked", "updated_at", "updated_by", "use_log"] if obj else []

    def get_fields(self, request: HttpRequest, obj: Credential | None = None) -> list[str]:
        return (
            ["tenant", "field", "masked", "value", "expires_on", "updated_at", "updated_by", "use_log"]
            if obj
            else ["tenant", "field", "value", "expires_on"]
        )

    def save_model(self, request: HttpRequest, obj: Credential, form: Any, change: bool) -> None:
        value, ends, by = form.cleaned_data["value"], form.cleaned_data["expires_on"], signed_in(request)
        if change and not value:
            stored = Credential.objects.for_tenant(obj.tenant).get(pk=obj.pk)
            actions.set_expiry(credential=stored, expires_on=ends, by=by)
            return
        stored = actions.set_credential(tenant=obj.tenant, field=obj.field, value=value, by=by, expires_on=ends)
        obj.pk = stored.pk
        obj.__dict__.update({name: value for name, value in stored.__dict__.items() if name != "_state"})

    def delete_model(self, request: HttpRequest, obj: Credential) -> None:
        actions.remove_credential(credential=obj, by=signed_in(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Credential]) -> None:
        for credential in queryset:
            actions.remove_credential(credential=credential, by=signed_in(request))

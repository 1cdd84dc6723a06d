"""Settings and releases in the admin."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_lazy
from unfold.widgets import UnfoldAdminTextareaWidget

from flow_engine.vocabulary import JSONObject
from platform_admin.documents.json_field import Indented
from platform_admin.documents.revised_form import RevisedForm
from platform_admin.errors import ControlPlaneError
from platform_admin.releases import actions
from platform_admin.releases.models import Release, TenantSettings
from platform_admin.releases.settings_reading import check_settings
from platform_admin.tenants.revised_admin import RevisedAdmin
from platform_admin.tenants.scoped_admin import ReadOnlyAdmin, signed_in

_PARTS = ["channels", "connectors", "llm", "sentences", "policies"]


def _part(label: Promise, help_text: Promise) -> forms.JSONField:
    widget = UnfoldAdminTextareaWidget(attrs={"rows": 6, "class": "font-mono"})
    return forms.JSONField(label=label, help_text=help_text, required=False, encoder=Indented, widget=widget)


class TenantSettingsForm(RevisedForm):
    channels = _part(
        gettext_lazy("Channels"), gettext_lazy('Where customers write, for example [{"type": "http_dev"}].')
    )
    connectors = _part(
        gettext_lazy("Connectors"),
        gettext_lazy('What answers the flow, for example {"calendar": {"type": "mock_calendar"}}.'),
    )
    llm = _part(
        gettext_lazy("Free questions"), gettext_lazy("Whether a language model answers from the knowledge document.")
    )
    sentences = _part(gettext_lazy("Canned sentences"), gettext_lazy("What the bot says in its own name, by key."))
    policies = _part(
        gettext_lazy("Policies"), gettext_lazy("Retention, limits, opt-out words and the way hand-offs are told.")
    )

    class Meta:
        model = TenantSettings
        fields = ["tenant", *_PARTS]

    def stored_text(self) -> JSONObject:
        return {name: getattr(self.instance, name) for name in _PARTS}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name in _PARTS:
            # An emptied field means the empty part, not JSON's null.
            if name not in self.errors and cleaned.get(name) is None:
                cleaned[name] = [] if name == "channels" else {}
        for fault in check_settings({name: cleaned[name] for name in _PARTS if name in cleaned}).faults:
            self.add_error(None, f"{fault.code} {fault.message} {fault.hint}".strip())
        return cleaned


@admin.register(TenantSettings)
class TenantSettingsAdmin(RevisedAdmin):
    form = TenantSettingsForm
    list_display = ["tenant", "updated_at", "updated_by"]
    list_select_related = ["tenant", "updated_by"]
    fields = ["tenant", *_PARTS]

    def get_readonly_fields(self, request: HttpRequest, obj: TenantSettings | None = None) -> list[str]:
        return ["tenant"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: TenantSettings | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: TenantSettings, form: Any, change: bool) -> None:
        document = {name: getattr(obj, name) for name in _PARTS}
        opened = form.cleaned_data["opened_revision"]
        by = signed_in(request)
        obj.pk = actions.save_settings(tenant=obj.tenant, document=document, by=by, over_revision=opened).pk


@admin.register(Release)
class ReleaseAdmin(ReadOnlyAdmin):
    list_display = [
        "serial",
        "tenant",
        "flow_version",
        "knowledge_version",
        "business_version",
        "note",
        "created_at",
        "created_by",
    ]
    list_select_related = ["tenant", "flow_version__flow", "knowledge_version", "business_version", "created_by"]
    list_filter = ["created_at"]
    fields = [
        "tenant", "serial", "flow_version", "knowledge_version", "business_version", "rolled_back_to", "staged_for",
        "note", "created_at", "created_by", "digest", "etag", "keyid", "settings_as_written",
    ]  # fmt: skip
    actions = ["roll_back_to"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Release]:
        return super().get_queryset(request).defer("envelope")

    @admin.display(description=gettext_lazy("settings"))
    def settings_as_written(self, release: Release) -> str:
        """As a person wrote them; the theme's own view escapes every accent."""
        return format_html("<pre>{}</pre>", json.dumps(release.settings, ensure_ascii=False, indent=2))

    @admin.action(description=gettext_lazy("Go back to this release"))
    def roll_back_to(self, request: HttpRequest, queryset: QuerySet[Release]) -> None:
        chosen = list(queryset)
        if len(chosen) != 1:
            self.message_user(request, gettext("Choose exactly one release to go back to."), messages.ERROR)
            return
        old = chosen[0]
        try:
            new = actions.rollback(tenant=old.tenant, to_serial=old.serial, by=signed_in(request))
        except ControlPlaneError as error:
            self.message_user(request, error.message, messages.ERROR)
            return
        words = gettext("Release %(new)s has the content of release %(old)s and is live now.")
        self.message_user(request, words % {"new": new.serial, "old": old.serial})

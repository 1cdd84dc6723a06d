"""Business settings in the admin: the raw document for operators; staff edit them as tables in the authoring pages."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy
from unfold.widgets import UnfoldAdminTextareaWidget

from flow_engine.vocabulary import JSON
from platform_admin.business import actions
from platform_admin.business.models import BusinessDraft, BusinessVersion
from platform_admin.business.reading import check_business
from platform_admin.documents.json_field import Indented
from platform_admin.documents.revised_form import RevisedForm
from platform_admin.tenants.revised_admin import RevisedAdmin
from platform_admin.tenants.scoped_admin import ReadOnlyAdmin, signed_in


class BusinessDraftForm(RevisedForm):
    document = forms.JSONField(
        required=False,
        encoder=Indented,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 24, "class": "document-as-written"}),
        help_text=gettext_lazy(
            "name, phone, address, hours, special_days, holidays, services, staff, and facts of your own."
        ),
    )

    class Meta:
        model = BusinessDraft
        fields = ["tenant", "document"]

    def stored_text(self) -> JSON:
        document: JSON = self.instance.document
        return document

    def clean_document(self) -> dict[str, Any]:
        # An emptied field means the empty document, not JSON's null.
        value = self.cleaned_data["document"] or {}
        for fault in check_business(value).faults:
            self.add_error("document", fault.message)
        return value if isinstance(value, dict) else {}


@admin.register(BusinessDraft)
class BusinessDraftAdmin(RevisedAdmin):
    form = BusinessDraftForm
    list_display = ["tenant", "updated_at", "updated_by"]
    list_select_related = ["tenant", "updated_by"]
    fields = ["tenant", "document"]

    def get_readonly_fields(self, request: HttpRequest, obj: BusinessDraft | None = None) -> list[str]:
        return ["tenant"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: BusinessDraft | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: BusinessDraft, form: Any, change: bool) -> None:
        opened = form.cleaned_data["opened_revision"]
        by = signed_in(request)
        obj.pk = actions.save_draft(tenant=obj.tenant, document=obj.document, by=by, over_revision=opened).pk


@admin.register(BusinessVersion)
class BusinessVersionAdmin(ReadOnlyAdmin):
    list_display = ["number", "tenant", "created_at", "created_by"]
    list_select_related = ["tenant", "created_by"]
    fields = ["tenant", "number", "created_at", "created_by", "as_written"]

    @admin.display(description=gettext_lazy("document"))
    def as_written(self, version: BusinessVersion) -> str:
        return json.dumps(version.document, ensure_ascii=False, indent=2)

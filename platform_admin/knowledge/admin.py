"""The knowledge document in the admin."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Max, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext, gettext_lazy

from platform_admin.documents.revised_form import RevisedForm
from platform_admin.knowledge import actions
from platform_admin.knowledge.models import KnowledgeDocument, KnowledgeVersion
from platform_admin.tenants.revised_admin import RevisedAdmin
from platform_admin.tenants.scoped_admin import ReadOnlyAdmin, signed_in


class KnowledgeDocumentForm(RevisedForm):
    class Meta:
        model = KnowledgeDocument
        fields = ["tenant", "draft"]

    def stored_text(self) -> str:
        return str(self.instance.draft)


@admin.register(KnowledgeDocument)
class KnowledgeDocumentAdmin(RevisedAdmin):
    form = KnowledgeDocumentForm
    list_display = ["tenant", "versions_kept", "updated_at", "updated_by"]
    list_select_related = ["tenant", "updated_by"]
    fields = ["tenant", "draft"]

    def get_readonly_fields(self, request: HttpRequest, obj: KnowledgeDocument | None = None) -> list[str]:
        return ["tenant"] if obj else []

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).annotate(last=Max("versions__number"))

    @admin.display(description=gettext_lazy("last version"))
    def versions_kept(self, document: KnowledgeDocument) -> str:
        last = getattr(document, "last", None)
        return f"v{last}" if last else gettext("none yet")

    def has_delete_permission(self, request: HttpRequest, obj: KnowledgeDocument | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: KnowledgeDocument, form: Any, change: bool) -> None:
        opened = form.cleaned_data["opened_revision"]
        by = signed_in(request)
        obj.pk = actions.save_draft(tenant=obj.tenant, markdown=obj.draft, by=by, over_revision=opened).pk


@admin.register(KnowledgeVersion)
class KnowledgeVersionAdmin(ReadOnlyAdmin):
    list_display = ["label", "tenant", "created_at", "created_by"]
    list_select_related = ["tenant", "created_by"]
    fields = ["tenant", "number", "created_at", "created_by", "markdown"]

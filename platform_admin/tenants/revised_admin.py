"""The base of admin pages on what more than one person edits: the second is told who was faster, and sees both."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from platform_admin.errors import EditConflictError
from platform_admin.tenants.scoped_admin import ScopedAdmin


class RevisedAdmin(ScopedAdmin):
    """For a ``RevisedForm``; ``save_model`` hands ``form.cleaned_data["opened_revision"]`` on to its action."""

    change_form_before_template = "admin/revised.html"

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        answer: HttpResponse
        try:
            answer = super().changeform_view(request, object_id, form_url, extra_context)
        except EditConflictError:
            # Somebody saved between the form's look and the action's, under its lock. Nothing was stored, and the
            # form that looks again sees it: what is typed is shown beside what is stored.
            answer = super().changeform_view(request, object_id, form_url, extra_context)
        return answer

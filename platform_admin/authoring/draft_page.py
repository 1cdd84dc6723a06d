"""The page on which a conversation is written: its text, what is wrong with it, and two buttons.

*Check* saves the text as it is and lists the faults. *Publish* saves it too and, if nothing is wrong, makes it live.
Nothing typed is ever lost, whatever its faults.
"""

from __future__ import annotations

from django import forms
from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.views.decorators.http import require_http_methods

from flow_engine.vocabulary import JSON
from platform_admin.documents.faults import fault_as_json
from platform_admin.errors import ConflictError, ControlPlaneError, HasFaultsError, NotAllowedError, NotThereError
from platform_admin.flows import actions as flows
from platform_admin.flows.models import MAX_SOURCE_BYTES, FlowDraft
from platform_admin.flows.queries import draft_for
from platform_admin.releases.actions import publish
from platform_admin.releases.queries import live_release
from platform_admin.tenants.scoped_admin import signed_in


class DraftForm(forms.Form):
    text = forms.CharField(required=False, strip=False, max_length=MAX_SOURCE_BYTES)
    revision = forms.IntegerField(min_value=0)


@require_http_methods(["GET", "POST"])
def draft_page(request: HttpRequest, flow_id: int) -> HttpResponse:
    """GET shows the draft; POST with ``do=check`` or ``do=publish`` saves first, then does."""
    user = signed_in(request)
    try:
        draft = draft_for(flow_id=flow_id, user=user)
    except NotThereError as error:
        raise Http404(error.message) from error
    if request.method == "GET":
        return _page(request, draft, text=draft.text, faults=draft.faults)
    form = DraftForm(request.POST)
    if not form.is_valid():
        reason = "it is too long, or holds characters that no text has"
        messages.error(request, f"This text cannot be saved: {reason}. It is still here, not saved.")
        return _page(request, draft, text=request.POST.get("text", ""), faults=[])
    # Browsers send CRLF; the text is kept with the line ends it was written with in files.
    text = form.cleaned_data["text"].replace("\r\n", "\n")
    try:
        saved = flows.save_draft(flow=draft.flow, text=text, by=user, over_revision=form.cleaned_data["revision"])
    except (ConflictError, NotAllowedError) as error:
        messages.error(request, f"{error.message} Your text is still here, not saved.")
        return _page(request, draft, text=text, faults=draft.faults)
    if request.POST.get("do") == "publish":
        return _publish(request, saved)
    return redirect("authoring:draft", flow_id=flow_id)


def _publish(request: HttpRequest, draft: FlowDraft) -> HttpResponse:
    try:
        release = publish(tenant=draft.tenant, by=signed_in(request))
    except HasFaultsError as error:
        messages.error(request, "Nothing was published. What customers see has not changed.")
        return _page(request, draft, text=draft.text, faults=[fault_as_json(fault) for fault in error.faults])
    except ControlPlaneError as error:
        messages.error(request, error.message)
        return _page(request, draft, text=draft.text, faults=draft.faults)
    messages.success(request, f"Published as release {release.serial}. The bot takes it over within a minute.")
    return redirect("authoring:draft", flow_id=draft.flow_id)


def _page(request: HttpRequest, draft: FlowDraft, *, text: str, faults: list[JSON]) -> HttpResponse:
    context = {
        **admin.site.each_context(request),
        "title": f"{draft.tenant}: conversation",
        "draft": draft,
        "text": text,
        "faults": faults,
        "live": live_release(draft.tenant),
    }
    return TemplateResponse(request, "authoring/draft_page.html", context)

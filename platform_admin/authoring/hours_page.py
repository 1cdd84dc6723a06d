"""Hours & services: what the business says about itself, as tables. One source for free times, facts and replies.

::

    GET  <slug>/hours/         the page
    POST <slug>/hours/draft    {revision, document}: saved, with what is wrong in it
"""

from __future__ import annotations

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from flow_engine.vocabulary import JSON, JSONObject
from platform_admin.authoring.draft_access import json_body
from platform_admin.authoring.page_phrases import PHRASES
from platform_admin.authoring.places import Visit, frame, place
from platform_admin.authoring.refusal import refused
from platform_admin.business import actions as business
from platform_admin.business.models import BusinessDraft
from platform_admin.business.queries import draft_of
from platform_admin.errors import ConflictError, NotAllowedError
from platform_admin.releases.queries import live_release

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@place
@require_GET
def hours_page(request: HttpRequest, visit: Visit) -> HttpResponse:
    days: list[JSON] = [{"key": key, "name": str(WEEKDAYS[index]).capitalize()} for index, key in enumerate(DAYS)]
    context = frame(visit, "hours") | {
        "live": live_release(visit.tenant),
        "phrases": PHRASES,
        "begin": {"draft": _state(_draft(visit)), "may_edit": visit.may_edit, "days": days},
    }
    return TemplateResponse(request, "authoring/hours.html", context)


@place
@require_http_methods(["GET", "POST"])
def hours_draft(request: HttpRequest, visit: Visit) -> HttpResponse:
    """409 with both documents when somebody else saved meanwhile."""
    if request.method == "GET":
        return JsonResponse(_state(_draft(visit)))
    asked = json_body(request)
    revision, document = asked.get("revision"), asked.get("document")
    if not isinstance(revision, int) or isinstance(revision, bool) or not isinstance(document, dict):
        return refused(_("This page is out of step. Load it again; what you typed is kept."))
    try:
        saved = business.save_draft(tenant=visit.tenant, document=document, by=visit.user, over_revision=revision)
    except ConflictError as error:
        theirs = _state(_draft(visit))
        return JsonResponse({"message": error.message, "theirs": theirs}, status=HTTPStatus.CONFLICT)
    except NotAllowedError as error:
        return refused(error.message, HTTPStatus.FORBIDDEN)
    return JsonResponse(_state(saved))


def _draft(visit: Visit) -> BusinessDraft:
    return draft_of(visit.tenant) or BusinessDraft(tenant=visit.tenant)


def _state(draft: BusinessDraft) -> JSONObject:
    return {
        "revision": draft.revision,
        "saved_at": draft.updated_at.isoformat() if draft.revision else None,
        "document": draft.document,
        "faults": draft.faults,
    }

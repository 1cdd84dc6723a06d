"""A shared draft, tried by somebody without an account; and the links, made and taken back in the editor.

::

    GET  try/<token>/                    a phone, and nothing else
    POST try/<token>/phone               a script (see ``phone.script``): the chat it leads to, nothing is kept
    GET  <slug>/conversation/links       the links that work
    POST <slug>/conversation/links       a new one
    POST <slug>/conversation/links/<id>  it is taken back

Whoever has a link sees what a customer would see, and neither data nor reasons. Every address that does not work
answers alike.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from rest_framework.request import Request
from rest_framework.views import APIView

from flow_engine.program import ProgramError
from flow_engine.vocabulary import JSON, JSONObject
from platform_admin.authoring.draft_access import json_body, program_of, sandbox_business, stored_settings, tenant_draft
from platform_admin.authoring.page_phrases import PHRASES
from platform_admin.authoring.phone import Chat, PhoneScript, ScriptError, play, read_script
from platform_admin.authoring.places import Visit, place
from platform_admin.authoring.reasons import Reasons
from platform_admin.authoring.refusal import refused
from platform_admin.authoring.sharing.guest_throttle import GuestThrottle
from platform_admin.authoring.sharing.links import find, open_links, share, take_back, token_of
from platform_admin.authoring.sharing.shared_draft import SharedDraft
from platform_admin.errors import ControlPlaneError, NotAllowedError
from platform_admin.tenants.local_time import in_local_time
from platform_admin.tenants.models import Tenant

MAX_GUEST_MOVES: Final = 60
"""Taps and words of one chat: the longest test of the shipped conversations has twenty."""


@dataclass(frozen=True, slots=True)
class GuestVisit:
    """Somebody with a link: a business and no person."""

    tenant: Tenant


def _shared(view: Callable[[HttpRequest, SharedDraft], HttpResponse]) -> Callable[..., HttpResponse]:
    """A view of whoever has the link, in the business's language. Nothing of it is kept, indexed or handed on."""

    @wraps(view)
    def visited(request: HttpRequest, token: str) -> HttpResponse:
        shared = find(token, timezone.now())
        if shared is None:
            answer: HttpResponse = TemplateResponse(request, "authoring/shared_gone.html", status=HTTPStatus.NOT_FOUND)
        else:
            with override(shared.tenant.language):
                answer = in_local_time(shared.tenant, lambda: view(request, shared))
        answer["Cache-Control"] = "no-store"
        answer["Referrer-Policy"] = "no-referrer"
        answer["X-Robots-Tag"] = "noindex"
        return answer

    return visited


@_shared
@require_GET
def shared_page(request: HttpRequest, shared: SharedDraft) -> HttpResponse:
    begin = {
        "business": shared.tenant.name,
        "now": timezone.localtime().isoformat(timespec="minutes"),
        "timezone": shared.tenant.timezone,
        "language": shared.tenant.language,
        "may_edit": False,
    }
    context = {
        "tenant": shared.tenant,
        "token": token_of(shared),
        "expires_at": shared.expires_at,
        "begin": begin,
        "phrases": PHRASES,
    }
    return TemplateResponse(request, "authoring/shared.html", context)


@csrf_exempt  # whoever has the link has no session; nothing is written
@_shared
@require_POST
def shared_phone(request: HttpRequest, shared: SharedDraft) -> HttpResponse:
    """429 when the link is played too often; 422 as the editor's own phone."""
    throttle = GuestThrottle(shared.link)
    if not throttle.allow_request(Request(request), APIView()):
        answer = refused(_("Too fast. Wait a moment, then go on."), HTTPStatus.TOO_MANY_REQUESTS)
        answer["Retry-After"] = str(int(throttle.wait() or 1) + 1)
        return answer
    guest = GuestVisit(shared.tenant)
    try:
        script = read_script(json_body(request))
        if len(script.moves) > MAX_GUEST_MOVES:
            return refused(_("This chat has become long. Start over."))
        return JsonResponse(_played(script, guest))
    except (ScriptError, ProgramError):
        return refused(_("This does not work right now. Start over."))


def _played(script: PhoneScript, guest: GuestVisit) -> JSONObject:
    draft = tenant_draft(guest.tenant)
    settings = stored_settings(guest)
    program = program_of(draft, guest)
    if program is None:
        raise ScriptError("The draft has faults.")
    return _as_customers_see_it(play(program, Reasons({}), script, sandbox_business(guest, settings)))


def _as_customers_see_it(chat: Chat) -> JSONObject:
    """No data, no steps, no reasons."""
    bubbles: list[JSON] = [
        {"by": bubble.by, "at": bubble.at, "text": bubble.text, "output": bubble.output, "why": [], "state": None}
        for bubble in chat.bubbles
    ]
    return {"bubbles": bubbles, "now": chat.now, "paused": chat.paused, "problem": None, "data": {}, "state": None}


@place
@require_http_methods(["GET", "POST"])
def links(request: HttpRequest, visit: Visit) -> HttpResponse:
    if request.method == "POST":
        try:
            share(tenant=visit.tenant, by=visit.user, now=timezone.now())
        except NotAllowedError as error:
            return refused(error.message, HTTPStatus.FORBIDDEN)
        except ControlPlaneError as error:
            return refused(error.message)
    return _listed(request, visit)


@place
@require_POST
def take_link_back(request: HttpRequest, visit: Visit, link_id: int) -> HttpResponse:
    shared = SharedDraft.objects.for_tenant(visit.tenant).filter(pk=link_id).first()
    if shared is None:
        raise Http404("There is no such link.")
    try:
        take_back(shared=shared, by=visit.user, now=timezone.now())
    except NotAllowedError as error:
        return refused(error.message, HTTPStatus.FORBIDDEN)
    return _listed(request, visit)


def _listed(request: HttpRequest, visit: Visit) -> JsonResponse:
    """Addresses are for those who may make them."""
    rows = open_links(visit.tenant, timezone.now()) if visit.may_edit else []
    found: list[JSON] = [
        {
            "id": row.pk,
            "address": request.build_absolute_uri(reverse("try-draft", args=[token_of(row)])),
            "until": row.expires_at.isoformat(),
            "by": str(row.created_by or ""),
        }
        for row in rows
    ]
    return JsonResponse({"links": found})

"""Customers: who wrote, what was said and why, and a person's own word in between.

::

    GET  <slug>/customers/               ?show=waiting | all, ?q=, ?page=
    GET  <slug>/customers/<id>/          one conversation, every turn with its reasons
    POST <slug>/customers/do/<verb>      pause | hand-back | reply | template; leads back to the conversation
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone as clock
from django.views.decorators.http import require_GET, require_POST

from flow_engine.trace import TraceEntry
from flow_engine.vocabulary import JSONObject
from platform_admin.authoring.customers.listing import customers, short_name, waiting_of
from platform_admin.authoring.customers.verbs import VERBS, ask_runtime
from platform_admin.authoring.places import Visit, frame, place
from platform_admin.authoring.reasons import Reasons
from platform_admin.changes.step_titles import step_titles
from platform_admin.commands.kinds import CommandKind
from platform_admin.commands.queries import recent_commands
from platform_admin.errors import ControlPlaneError
from platform_admin.observability.queries import conversations_of, hand_off_of, turns_of
from platform_admin.releases.models import Release
from platform_admin.releases.queries import live_release
from platform_admin.sight.explaining import explained
from platform_admin.sight.templates_to_send import sendable_templates
from platform_admin.sight.window import window_of

PER_PAGE: Final = 30
TURNS_SHOWN: Final = 100
SENT_SHOWN: Final = 5
_TO_CUSTOMERS: Final = (CommandKind.STAFF_REPLY, CommandKind.PAUSE_CONTACT, CommandKind.RESUME_CONTACT)


@place
@require_GET
def customers_page(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Newest first. ``q`` is the beginning of a pseudonym, or a step's name."""
    waiting = waiting_of(visit.tenant)
    only_waiting = request.GET.get("show") == "waiting"
    query = request.GET.get("q", "").strip()[:120]
    rows = conversations_of(visit.tenant, query=query)
    if only_waiting:
        rows = rows.filter(conversation__in=waiting)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    live = live_release(visit.tenant)
    context = frame(visit, "customers") | {
        "live": live,
        "page": page,
        "customers": customers(visit.tenant, page.object_list, _titles(live)),
        "waiting": len(waiting),
        "only_waiting": only_waiting,
        "query": query,
    }
    return TemplateResponse(request, "authoring/customers.html", context)


@place
@require_GET
def customer_page(request: HttpRequest, visit: Visit, conversation_id: str) -> HttpResponse:
    """The words are for those who may answer; who may only look sees who wrote, when, and where they stand."""
    turns = list(turns_of(visit.tenant, conversation_id)[:TURNS_SHOWN])
    if not turns:
        raise Http404("There is no such conversation.")
    latest = turns[0]
    sent = recent_commands(visit.tenant).filter(kind__in=_TO_CUSTOMERS, payload__contact=latest.contact)
    live = live_release(visit.tenant)
    context = frame(visit, "customers") | {
        "live": live,
        "titles": _titles(live),
        "turns": explained(visit.tenant, reversed(turns), explain=_why),
        "cut": len(turns) == TURNS_SHOWN,
        "latest": latest,
        "short": short_name(latest.contact),
        "hand_off": hand_off_of(visit.tenant, conversation_id),
        "window": window_of(latest.channel, turns, now=clock.now()),
        "templates": sendable_templates(visit.tenant) if visit.may_edit else [],
        "sent": sent[:SENT_SHOWN],
        "shows_words": visit.shows_words,
    }
    return TemplateResponse(request, "authoring/customer.html", context)


@place
@require_POST
def do(request: HttpRequest, visit: Visit, verb: str) -> HttpResponse:
    """``conversation`` names the page to go back to."""
    if verb not in VERBS:
        raise Http404("There is no such button.")
    try:
        messages.success(request, ask_runtime(verb, visit, request.POST))
    except ControlPlaneError as error:
        messages.error(request, error.message)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    conversation = request.POST.get("conversation", "")
    if conversation:
        return redirect("authoring:customer", visit.tenant.slug, conversation)
    return redirect("authoring:customers", visit.tenant.slug)


def _titles(live: Release | None) -> Mapping[str, str]:
    return {} if live is None else step_titles(live.flow_version.program)


def _why(trace: Sequence[TraceEntry], program: JSONObject) -> tuple[str, ...]:
    return Reasons(program).of(trace)

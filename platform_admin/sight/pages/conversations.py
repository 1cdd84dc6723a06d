"""Conversations, and one of them with every turn explained."""

from __future__ import annotations

from typing import Final

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from platform_admin.observability.queries import conversations_of, hand_off_of, turns_of
from platform_admin.sight.access import may, of_tenant, show
from platform_admin.sight.explaining import explained
from platform_admin.sight.templates_to_send import sendable_templates
from platform_admin.sight.window import window_of
from platform_admin.tenants.models import Role, Tenant

_PER_PAGE: Final = 50
_TURNS_SHOWN: Final = 100


@require_safe
@of_tenant
def conversations(request: HttpRequest, tenant: Tenant) -> HttpResponse:
    """Newest first. ``q`` is a contact's pseudonym or a step, ``errors=1`` those in which something failed."""
    query, only_errors = request.GET.get("q", "").strip(), request.GET.get("errors") == "1"
    rows = conversations_of(tenant, query=query, only_errors=only_errors)
    page = Paginator(rows, _PER_PAGE).get_page(request.GET.get("page"))
    title = _("conversations")
    return show(request, tenant, "conversations", title, page=page, query=query, only_errors=only_errors)


@require_safe
@of_tenant
def conversation(request: HttpRequest, tenant: Tenant, conversation_id: str) -> HttpResponse:
    turns = list(turns_of(tenant, conversation_id)[:_TURNS_SHOWN])
    if not turns:
        raise Http404
    response = show(
        request,
        tenant,
        "conversations",
        _("conversation"),
        turns=explained(tenant, reversed(turns)),
        conversation_id=conversation_id,
        latest=turns[0],
        cut=len(turns) == _TURNS_SHOWN,
        hand_off=hand_off_of(tenant, conversation_id),
        window=window_of(turns[0].channel, turns, now=timezone.now()),
        templates=sendable_templates(tenant) if may(request, tenant, Role.EDITOR) else [],
    )
    response.template_name = "sight/conversation.html"
    return response

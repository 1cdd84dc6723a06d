"""Every page of one tenant passes here: who is it, may they see it, and which of the buttons work for them."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final, cast

from django.contrib import admin
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from platform_admin.tenants.actor import role_in
from platform_admin.tenants.customers_words import reads_words
from platform_admin.tenants.local_time import in_local_time
from platform_admin.tenants.models import Role, Tenant
from platform_admin.tenants.queries import tenants_of
from platform_admin.tenants.scoped_admin import signed_in

TABS: Final[tuple[tuple[str, str | Promise], ...]] = (
    ("sight:summary", _("Summary")),
    ("sight:conversations", _("Conversations")),
    ("sight:hand_offs", _("People wanted")),
    ("sight:questions", _("Unanswered")),
    ("sight:work", _("Waiting")),
    ("sight:health", _("Health")),
    ("sight:releases", _("Releases")),
    ("connect:connections", _("Connections")),
    ("sight:said", _("What it said")),
)
"""Name of the address → what the tab says, in the order of the tabs."""

OWNER_TABS: Final[tuple[tuple[str, str | Promise], ...]] = (
    ("sight:privacy", _("Privacy")),
    ("sight:trail", _("Audit trail")),
)
"""Those that are there for owners alone."""


def of_tenant[**P](
    page: Callable[Concatenate[HttpRequest, Tenant, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, str, P], HttpResponse]:
    """A view on one tenant. Another one's answers 404, as one that never was."""

    @wraps(page)
    def guarded(request: HttpRequest, slug: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        tenant = tenants_of(signed_in(request)).exclude(status=Tenant.Status.DELETED).filter(slug=slug).first()
        if tenant is None:
            raise Http404
        return in_local_time(tenant, lambda: page(request, tenant, *args, **kwargs))

    return cast("Callable[Concatenate[HttpRequest, str, P], HttpResponse]", login_required(guarded))


def show(request: HttpRequest, tenant: Tenant, tab: str, title: str | Promise, **context: Any) -> TemplateResponse:
    """The template of ``tab`` in the admin's frame."""
    role = role_in(signed_in(request), tenant=tenant)
    owns = _reaches(role, Role.OWNER)
    frame = {
        **admin.site.each_context(request),
        "title": f"{tenant}: {title}",
        "tenant": tenant,
        "tab_address": f"connect:{tab}" if tab == "connections" else f"sight:{tab}",
        "tabs": (*TABS, *(OWNER_TABS if owns else ())),
        "may_own": owns,
        "may_act": _reaches(role, Role.EDITOR),
        "may_publish": _reaches(role, Role.PUBLISHER),
        "shows_words": reads_words(role),
    }
    return TemplateResponse(request, f"sight/{tab}.html", {**frame, **context})


def may(request: HttpRequest, tenant: Tenant, role: Role) -> bool:
    return _reaches(role_in(signed_in(request), tenant=tenant), role)


def _reaches(held: Role | None, wanted: Role) -> bool:
    return held is not None and held.rank >= wanted.rank

"""Every release that went out: what it changed, what the gate said, and the way back."""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from platform_admin.releases.comparing import changes_between
from platform_admin.releases.gate import GATE
from platform_admin.releases.queries import (
    live_release,
    open_proposal,
    release_before,
    release_by_serial,
    releases_of,
    staged_release,
)
from platform_admin.sight.access import of_tenant, show
from platform_admin.tenants.models import Tenant

_SHOWN: Final = 50
_SERIAL_DIGITS: Final = 9
_TITLES: Final = {check.code: check.title for check in GATE}


@require_safe
@of_tenant
def releases(request: HttpRequest, tenant: Tenant) -> HttpResponse:
    live, proposal = live_release(tenant), open_proposal(tenant)
    return show(
        request,
        tenant,
        "releases",
        _("releases"),
        rows=releases_of(tenant)[:_SHOWN],
        live=live,
        staged=staged_release(tenant),
        proposal=proposal,
        proposed_changes=() if live is None or proposal is None else changes_between(live, proposal),
    )


@require_safe
@of_tenant
def release(request: HttpRequest, tenant: Tenant, serial: int) -> HttpResponse:
    """What changed against the one before it, or against ``?against=<serial>``."""
    shown = release_by_serial(tenant, serial)
    if shown is None:
        raise Http404
    against = request.GET.get("against", "")
    asked = int(against) if against.isdecimal() and len(against) <= _SERIAL_DIGITS else None
    other = release_before(shown) if asked is None else release_by_serial(tenant, asked)
    response = show(
        request,
        tenant,
        "releases",
        _("release %(serial)s") % {"serial": serial},
        release=shown,
        other=other,
        changes=[] if other is None else changes_between(other, shown),
        live=live_release(tenant),
        gate=[_in_language(line) for line in shown.gate],
    )
    response.template_name = "sight/release.html"
    return response


def _in_language(line: dict[str, Any]) -> dict[str, Any]:
    """A line of the gate for whoever reads: kept are the words of whoever published, mostly English."""
    reason = line.get("reason")
    title = _TITLES.get(str(line.get("code")), line.get("title"))
    return {**line, "title": title, "reason": _(str(reason)) if reason else ""}

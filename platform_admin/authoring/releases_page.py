"""Releases: everything that was ever live, and the way back to it.

::

    GET  <slug>/releases/            newest first; ?old=<n>&new=<m> what changed from one to the other
    POST <slug>/releases/<n>/back    a new release with the content of that one
"""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from platform_admin.authoring.numbers import number_in
from platform_admin.authoring.places import Visit, frame, place
from platform_admin.errors import ControlPlaneError, HasFaultsError
from platform_admin.observability.queries import sighting_of
from platform_admin.releases.actions import rollback
from platform_admin.releases.comparing import changes_between
from platform_admin.releases.models import Release
from platform_admin.releases.queries import live_release, release_by_serial

SHOWN: Final = 50


@place
@require_GET
def releases_page(request: HttpRequest, visit: Visit) -> HttpResponse:
    numbers = number_in(request, "old"), number_in(request, "new")
    old, new = (None if serial is None else release_by_serial(visit.tenant, serial) for serial in numbers)
    rows = Release.objects.for_tenant(visit.tenant).select_related("created_by", "rolled_back_to")
    context = frame(visit, "releases") | {
        "live": live_release(visit.tenant),
        "releases": rows.defer("envelope", "settings")[:SHOWN],
        "sighting": sighting_of(visit.tenant),
        "old": old,
        "new": new,
        "changes": changes_between(old, new) if old and new else (),
    }
    return TemplateResponse(request, "authoring/releases.html", context)


@place
@require_POST
def go_back(request: HttpRequest, visit: Visit, serial: int) -> HttpResponse:
    try:
        release = rollback(tenant=visit.tenant, to_serial=serial, by=visit.user)
    except HasFaultsError as error:
        reason = error.faults[0].message if error.faults else ""
        messages.error(
            request, _("Release %(serial)s no longer fits: %(reason)s") % {"serial": serial, "reason": reason}
        )
    except ControlPlaneError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, _("Release %(serial)s is on its way.") % {"serial": release.serial})
    return redirect("authoring:releases", visit.tenant.slug)

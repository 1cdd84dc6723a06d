"""Earlier versions of a conversation, an FAQ, or hours and services: what changed since, and the way back to one.

::

    GET  <slug>/versions/<kind>/                 newest first
    GET  <slug>/versions/<kind>/<n>/             what taking it back would change; ?against=<m> another version
    POST <slug>/versions/<kind>/<n>/take-back    {revision}: the draft becomes that version
"""

from __future__ import annotations

from typing import Final

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from platform_admin.authoring.numbers import number_in
from platform_admin.authoring.places import Visit, frame, place
from platform_admin.errors import ControlPlaneError, EditConflictError, NotThereError
from platform_admin.releases.kept_versions import (
    Kind,
    Version,
    changes_to,
    draft_to_replace,
    lost_by,
    take_back,
    version_of,
    versions_of,
)
from platform_admin.releases.queries import live_release

SHOWN: Final = 50

TITLES: Final[dict[Kind, str | Promise]] = {
    Kind.CONVERSATION: gettext_lazy("Earlier versions of the conversation"),
    Kind.FAQ: gettext_lazy("Earlier versions of the FAQ"),
    Kind.HOURS: gettext_lazy("Earlier versions of hours and services"),
}


@place
@require_GET
def versions_page(request: HttpRequest, visit: Visit, kind: str) -> HttpResponse:
    return _show(request, visit, _kind(kind))


@place
@require_GET
def version_page(request: HttpRequest, visit: Visit, kind: str, number: int) -> HttpResponse:
    """Against the draft as it stands, or ``?against=<n>``: from that version to this one."""
    what = _kind(kind)
    chosen, against = _version(visit, what, number), number_in(request, "against")
    draft = draft_to_replace(visit.tenant, what)
    other = draft if against is None else _version(visit, what, against)
    return _show(
        request, visit, what, chosen=chosen, against=against, changes=changes_to(other, chosen, what),
        lost=tuple(lost_by(chosen)), revision=0 if draft is None else draft.revision,
    )  # fmt: skip


@place
@require_POST
def take_version_back(request: HttpRequest, visit: Visit, kind: str, number: int) -> HttpResponse:
    """Back to the list with what came of it. Without the revision that was looked at nothing is taken back."""
    what = _kind(kind)
    version, revision = _version(visit, what, number), number_in(request, "revision")
    try:
        if revision is None:
            raise ControlPlaneError(_("This page is out of step. Load it again."))
        take_back(version=version, by=visit.user, over_revision=revision)
    except EditConflictError as error:
        words = _("Nothing was taken back: %(who)s has saved since you looked. Look again at what changes.")
        messages.error(request, words % {"who": error.who})
        return redirect("authoring:version", visit.tenant.slug, kind, number)
    except ControlPlaneError as error:
        messages.error(request, error.message)
        return redirect("authoring:version", visit.tenant.slug, kind, number)
    words = _("The draft is what version %(number)s was. Nothing changes for customers before you publish.")
    messages.success(request, words % {"number": number})
    return redirect("authoring:versions", visit.tenant.slug, kind)


def _show(request: HttpRequest, visit: Visit, kind: Kind, **more: object) -> TemplateResponse:
    context = frame(visit, kind) | {
        "live": live_release(visit.tenant),
        "kind": kind,
        "title": TITLES[kind],
        "written_at": f"authoring:{kind}",
        "versions": versions_of(visit.tenant, kind)[:SHOWN],
        **more,
    }
    return TemplateResponse(request, "authoring/versions.html", context)


def _kind(name: str) -> Kind:
    if name not in list(Kind):
        raise Http404("There is nothing of that name that has versions.")
    return Kind(name)


def _version(visit: Visit, kind: Kind, number: int) -> Version:
    try:
        return version_of(visit.tenant, kind, number)
    except NotThereError as error:
        raise Http404(error.message) from error

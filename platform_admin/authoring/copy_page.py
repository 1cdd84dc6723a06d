"""Copy & restore: everything that is written for a business as one file, out and in again.

::

    GET  <slug>/copy/                    the page
    GET  <slug>/copy/everything.zip      conversations, tests, FAQ, hours, settings; never a secret
    GET  <slug>/copy/conversation.yaml   the draft of the conversation alone
    GET  <slug>/copy/faq.md              the draft of the FAQ alone
    POST <slug>/copy/look                a file: what it would change, as a piece of the page; nothing is stored
    POST <slug>/copy/restore             the same file and the mark of what was shown: into the drafts, all or nothing

The file stays in the browser between the two: what is restored is what was looked at, or nothing.
"""

from __future__ import annotations

from hashlib import blake2b
from http import HTTPStatus
from typing import Final

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from platform_admin.authoring.draft_access import draft_of
from platform_admin.authoring.places import Visit, frame, place
from platform_admin.errors import ConflictError, ControlPlaneError, HasFaultsError, NotAllowedError
from platform_admin.knowledge.queries import document_of
from platform_admin.releases.archive import Archive, ArchiveError, Preview, apply_archive, preview, read_archive
from platform_admin.releases.archive import export_tenant as export
from platform_admin.releases.archive.limits import MAX_ARCHIVE_BYTES
from platform_admin.releases.queries import live_release
from platform_admin.tenants.actor import require_role
from platform_admin.tenants.models import Role

MARK_BYTES: Final = 16
"""Of a file together with what it would change: two that differ have different ones."""

KIB: Final = 1024


@place
@require_GET
def copy_page(request: HttpRequest, visit: Visit) -> HttpResponse:
    context = frame(visit, "copy") | {"live": live_release(visit.tenant), "most": MAX_ARCHIVE_BYTES // KIB**2}
    return TemplateResponse(request, "authoring/copy.html", context)


@place
@require_GET
def everything(request: HttpRequest, visit: Visit) -> HttpResponse:  # noqa: ARG001 - nothing is asked
    return _file(export(tenant=visit.tenant, by=visit.user), "application/zip", f"{visit.tenant.slug}.zip")


@place
@require_GET
def conversation_file(request: HttpRequest, visit: Visit) -> HttpResponse:  # noqa: ARG001 - nothing is asked
    return _file(draft_of(visit).text.encode(), "application/yaml", f"{visit.tenant.slug}.yaml")


@place
@require_GET
def faq_file(request: HttpRequest, visit: Visit) -> HttpResponse:  # noqa: ARG001 - nothing is asked
    document = document_of(visit.tenant)
    text = "" if document is None else document.draft
    return _file(text.encode(), "text/markdown; charset=utf-8", f"{visit.tenant.slug}.md")


@place
@require_POST
def look(request: HttpRequest, visit: Visit) -> HttpResponse:
    try:
        content = _uploaded(request)
        archive = read_archive(content)
        seen = _seen(visit, archive)
    except NotAllowedError as error:
        return _piece(request, HTTPStatus.FORBIDDEN, refusal=error.message)
    except ControlPlaneError as error:
        return _piece(request, HTTPStatus.UNPROCESSABLE_ENTITY, refusal=error.message)
    return _piece(request, HTTPStatus.OK, changes=seen.changes, seen=seen, mark=mark_of(content, seen))


@place
@require_POST
def restore(request: HttpRequest, visit: Visit) -> HttpResponse:
    try:
        content = _uploaded(request)
        _restore(visit, content, read_archive(content), request.POST.get("mark", ""))
    except HasFaultsError:
        messages.error(request, _("Nothing was restored: the file has mistakes. Look at it first."))
    except ControlPlaneError as error:
        messages.error(request, error.message)
    except ValidationError as error:
        messages.error(request, _("Nothing was restored: %(reason)s") % {"reason": " ".join(error.messages)})
    else:
        messages.success(request, _("It is all there, as a draft. Nothing is live before you publish."))
    return redirect("authoring:copy", visit.tenant.slug)


@transaction.atomic
def _restore(visit: Visit, content: bytes, archive: Archive, mark: str) -> None:
    seen = _seen(visit, archive)
    if mark != mark_of(content, seen):
        raise ConflictError(_("Nothing was restored: it is not what you looked at any more. Look at it again."))
    apply_archive(tenant=visit.tenant, archive=archive, by=visit.user)


def mark_of(content: bytes, seen: Preview) -> str:
    """Of a file and what it would change; whoever saves in between makes it another one."""
    return blake2b(content + repr(seen).encode(), digest_size=MARK_BYTES).hexdigest()


def _seen(visit: Visit, archive: Archive) -> Preview:
    """Publishers restore: it replaces what everybody has written."""
    require_role(visit.user, tenant=visit.tenant, role=Role.PUBLISHER)
    return preview(tenant=visit.tenant, archive=archive, by=visit.user)


def _uploaded(request: HttpRequest) -> bytes:
    """Raises ``ArchiveError`` for none, one that is too large, or another kind of file."""
    file = request.FILES.get("archive")
    if file is None:
        raise ArchiveError(_("Choose a file first."))
    if not str(file.name).lower().endswith(".zip"):
        raise ArchiveError(_("This is no .zip file. Choose one that was downloaded from this page."))
    if file.size is None or file.size > MAX_ARCHIVE_BYTES:
        raise ArchiveError(_("The file is too large: %(most)s MB fit.") % {"most": MAX_ARCHIVE_BYTES // KIB**2})
    content: bytes = file.read()
    return content


def _piece(request: HttpRequest, status: HTTPStatus, **context: object) -> TemplateResponse:
    return TemplateResponse(request, "authoring/parts/copy_preview.html", context, status=status)


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=headers)

"""Customers' rights: who is to be erased and who was, archives to hand over, and how long everything is kept."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from platform_admin.commands.actions import queue_command
from platform_admin.commands.kinds import CommandKind
from platform_admin.commands.queries import command_by_id, export_of, recent_commands
from platform_admin.errors import ControlPlaneError, NotThereError
from platform_admin.privacy.actions import ask_to_erase
from platform_admin.privacy.export_document import whole_archive
from platform_admin.privacy.exports import opened
from platform_admin.privacy.keeping import save_retention
from platform_admin.privacy.queries import erasures_of
from platform_admin.releases.shown_part import ShownPart
from platform_admin.sight.access import may, of_tenant, show
from platform_admin.sight.refusals import refusals_in
from platform_admin.tenants import audit
from platform_admin.tenants.models import Role, Tenant
from platform_admin.tenants.retention import CLASSES, Where, chosen_days
from platform_admin.tenants.scoped_admin import signed_in

_SHOWN: Final = 50
_WHERE: Final[dict[Where, Callable[[], str]]] = {
    Where.RUNTIME: lambda: _("where the bot runs"),
    Where.HERE: lambda: _("here"),
    Where.BOTH: lambda: _("here and where the bot runs"),
}


class RetentionForm(forms.Form):
    """One number of days a class; empty means the default."""

    def __init__(self, tenant: Tenant, data: Any = None) -> None:  # noqa: ANN401 - Django's own type for it is private
        super().__init__(data)
        chosen = chosen_days(tenant)
        for item in CLASSES:
            self.fields[item.key] = forms.IntegerField(
                label=str(item.words),
                required=False,
                min_value=item.least,
                max_value=item.most,
                initial=chosen.get(item.key),
                widget=forms.NumberInput({"placeholder": item.default}),
                help_text=_("Days, %(least)s to %(most)s; %(default)s where nothing is chosen. Kept %(where)s.")
                % {"least": item.least, "most": item.most, "default": item.default, "where": _WHERE[item.where]()},
            )


@of_tenant
def privacy(request: HttpRequest, tenant: Tenant) -> HttpResponse:
    """GET shows; POST stores how long things are kept. For owners."""
    _require_owner(request, tenant)
    part = ShownPart(tenant, "policies.retention")
    mark, theirs = part.mark, ""  # before what it marks is read
    form = RetentionForm(tenant, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and _saved(request, part, form):
        return redirect("sight:privacy", tenant.slug)
    if form.is_bound:
        mark, theirs = part.now(request.POST.get("shown"))
    now = timezone.now()
    requests = recent_commands(tenant, kind=CommandKind.EXPORT_CONTACT).select_related("issued_by", "export")[:_SHOWN]
    exports = [(row, _export_ready(row, now)) for row in requests]
    return show(
        request,
        tenant,
        "privacy",
        _("privacy"),
        form=form,
        mark=mark,
        theirs=theirs,
        erasures=erasures_of(tenant)[:_SHOWN],
        exports=exports,
    )


@require_POST
@of_tenant
def erase(request: HttpRequest, tenant: Tenant) -> HttpResponse:
    """Ask for an erasure. The word has to be typed: there is no way back."""
    _require_owner(request, tenant)
    contact = request.POST.get("contact", "").strip()
    try:
        if request.POST.get("confirm", "").strip() != contact:
            raise ValidationError(_("Type the customer's name, %(name)s, to confirm.") % {"name": contact})
        ask_to_erase(tenant=tenant, contact=contact, channel=request.POST.get("channel", ""), by=signed_in(request))
        messages.success(request, _("Asked for. It is done when the bot's runtime has answered; this page shows it."))
    except ControlPlaneError as error:
        messages.error(request, error.message)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("sight:privacy", tenant.slug)


@require_POST
@of_tenant
def ask_export(request: HttpRequest, tenant: Tenant) -> HttpResponse:
    _require_owner(request, tenant)
    payload = {key: value for key in ("contact", "channel") if (value := request.POST.get(key, "").strip())}
    try:
        queue_command(tenant=tenant, kind=CommandKind.EXPORT_CONTACT, payload={**payload}, by=signed_in(request))
        messages.success(request, _("Asked for. The archive appears below when the bot's runtime has sent it."))
    except ControlPlaneError as error:
        messages.error(request, error.message)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("sight:privacy", tenant.slug)


@require_safe
@of_tenant
def download(request: HttpRequest, tenant: Tenant, command_id: uuid.UUID) -> HttpResponse:
    """The archive with what is held here added. For owners; noted in the trail."""
    _require_owner(request, tenant)
    export = export_of(tenant, command_id, now=timezone.now())
    try:
        command = command_by_id(tenant, command_id, kind=CommandKind.EXPORT_CONTACT)
    except NotThereError as error:
        raise Http404 from error
    if export is None:
        raise Http404
    contact = str(command.payload.get("contact", ""))
    content = whole_archive(tenant=tenant, contact=contact, archive=opened(export))
    audit.record(
        by=signed_in(request), verb="downloaded export", subject=str(command_id), tenant=tenant, contact=contact
    )
    headers = {"Content-Disposition": f'attachment; filename="customer-{command_id}.zip"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type="application/zip", headers=headers)


def _require_owner(request: HttpRequest, tenant: Tenant) -> None:
    if not may(request, tenant, Role.OWNER):
        raise Http404


def _saved(request: HttpRequest, part: ShownPart, form: RetentionForm) -> bool:
    with refusals_in(form), transaction.atomic():
        part.refuse_if_changed(request.POST.get("shown"))
        save_retention(tenant=part.tenant, days=form.cleaned_data, by=signed_in(request))
    if form.is_valid():
        messages.success(request, _("Saved. Here it holds at once; where the bot runs, with the next release."))
    return form.is_valid()


def _export_ready(row: Any, now: Any) -> bool:  # noqa: ANN401 - a command with its export joined
    export = getattr(row, "export", None)
    return export is not None and export.expires_at > now

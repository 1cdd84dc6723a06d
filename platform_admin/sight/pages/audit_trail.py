"""Who did what: to owners of their business, to operators of everything; to look through and to take away."""

from __future__ import annotations

import json
from datetime import datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import admin
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from platform_admin.audit.exporting import MOST_ENTRIES, Form, written
from platform_admin.audit.queries import EVERYTHING, Wanted, entries
from platform_admin.audit.verb_words import verb_in_words
from platform_admin.sight.access import may, of_tenant, show
from platform_admin.tenants import audit
from platform_admin.tenants.models import AuditEntry, Role, Tenant
from platform_admin.tenants.scoped_admin import signed_in

_SHOWN: Final = 50
_LONGEST_WORD: Final = 120


class TrailFilter(forms.Form):
    """Dates are days of the business."""

    who = forms.CharField(label=gettext_lazy("Person"), required=False, max_length=_LONGEST_WORD)
    what = forms.CharField(label=gettext_lazy("What or which thing"), required=False, max_length=_LONGEST_WORD)
    since = forms.DateField(
        label=gettext_lazy("From"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    until = forms.DateField(
        label=gettext_lazy("To"), required=False, widget=forms.DateInput({"type": "date"}, "%Y-%m-%d")
    )
    older = forms.IntegerField(required=False, min_value=0, max_value=2**53, widget=forms.HiddenInput)

    def wanted(self, timezone: str) -> Wanted:
        """What was entered and could be read; the rest is left out."""
        entered: dict[str, Any] = self.cleaned_data if self.is_valid() else getattr(self, "cleaned_data", {})
        zone, until = ZoneInfo(timezone), entered.get("until")
        return Wanted(
            person=entered.get("who") or "",
            thing=entered.get("what") or "",
            since=datetime.combine(entered["since"], time.min, zone) if entered.get("since") else None,
            until=datetime.combine(until + timedelta(days=1), time.min, zone) if until else None,
        )


@require_safe
@of_tenant
def trail(request: HttpRequest, tenant: Tenant) -> HttpResponse:
    _require_owner(request, tenant)
    return show(request, tenant, "trail", _("audit trail"), **_listed(request, tenant, tenant.timezone))


@require_safe
@of_tenant
def trail_export(request: HttpRequest, tenant: Tenant, form: str) -> HttpResponse:
    _require_owner(request, tenant)
    return _exported(request, tenant, form, tenant.timezone)


@require_safe
@login_required
def whole_trail(request: HttpRequest) -> HttpResponse:
    """For operators; for everybody else it is not there."""
    if not signed_in(request).is_superuser:
        raise Http404
    context = {**admin.site.each_context(request), "title": _("Audit trail"), "tenant": None}
    return TemplateResponse(request, "sight/whole_trail.html", {**context, **_listed(request, EVERYTHING, "UTC")})


@require_safe
@login_required
def whole_trail_export(request: HttpRequest, form: str) -> HttpResponse:
    if not signed_in(request).is_superuser:
        raise Http404
    return _exported(request, EVERYTHING, form, "UTC")


def _require_owner(request: HttpRequest, tenant: Tenant) -> None:
    if not may(request, tenant, Role.OWNER):
        raise Http404


def _listed(request: HttpRequest, tenant: Tenant | None, timezone: str) -> dict[str, Any]:
    asked = TrailFilter(request.GET or None)
    rows = entries(tenant, asked.wanted(timezone))
    older = asked.cleaned_data.get("older") if asked.is_bound and asked.is_valid() else None
    # By the key, not by a page number: counting all entries would cost more than reading these.
    found = list((rows.filter(pk__lt=older) if older else rows).order_by("-pk")[: _SHOWN + 1])
    query = request.GET.copy()
    query.pop("older", None)
    return {
        "filter": asked,
        "rows": [_readable(row) for row in found[:_SHOWN]],
        "zone": timezone,
        "older": found[_SHOWN - 1].pk if len(found) > _SHOWN else None,
        "query": query.urlencode(),
        "forms": [str(form) for form in Form],
    }


def _readable(row: AuditEntry) -> AuditEntry:
    """With ``verb_text``, and its values as JSON for people: ``details_text``, ``before_text``, ``after_text``."""
    row.verb_text = verb_in_words(row.verb)  # type: ignore[attr-defined]  # for the template alone
    for name in ("details", "before", "after"):
        text = json.dumps(getattr(row, name), ensure_ascii=False, indent=2, sort_keys=True)
        setattr(row, f"{name}_text", text)
    return row


def _exported(request: HttpRequest, tenant: Tenant | None, form: str, timezone: str) -> HttpResponse:
    if form not in set(Form):
        raise Http404
    rows = list(entries(tenant, TrailFilter(request.GET or None).wanted(timezone))[:MOST_ENTRIES])
    name = "platform" if tenant is None else tenant.slug
    details: dict[str, Any] = {"entries": len(rows), "form": form}
    audit.record(by=signed_in(request), verb="exported audit trail", subject=name, tenant=tenant, details=details)
    kind = Form(form)
    headers = {"Content-Disposition": f'attachment; filename="audit-{name}.{kind}"'}
    return HttpResponse(written(rows, kind), content_type=kind.content_type, headers=headers)

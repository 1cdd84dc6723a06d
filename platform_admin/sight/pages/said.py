"""What the bot said on a day: the releases that were live then, what they are made of, and every text of them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from platform_admin.audit.on_day import live_between
from platform_admin.changes.spoken import spoken
from platform_admin.flows.models import FlowVersion
from platform_admin.sight.access import of_tenant, show
from platform_admin.tenants.models import Tenant


class DayForm(forms.Form):
    """A day of the business, and if wanted the minute."""

    day = forms.DateField(label=gettext_lazy("Day"), widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"))
    at = forms.TimeField(label=gettext_lazy("At"), required=False, widget=forms.TimeInput({"type": "time"}, "%H:%M"))


@require_safe
@of_tenant
def said(request: HttpRequest, tenant: Tenant) -> HttpResponse:
    """``?day=2026-05-03&at=14:00``; without a day today, without a minute the whole day."""
    zone = ZoneInfo(tenant.timezone)
    today = timezone.now().astimezone(zone).date()
    asked = DayForm(request.GET) if request.GET else DayForm(initial={"day": today})
    entered = asked.cleaned_data if asked.is_bound and asked.is_valid() else {}
    day: date = entered.get("day") or today
    minute: time | None = entered.get("at")
    start = datetime.combine(day, minute or time.min, zone)
    end = start + timedelta(minutes=1) if minute else datetime.combine(day + timedelta(days=1), time.min, zone)
    spans = [] if asked.is_bound and not asked.is_valid() else live_between(tenant, start, end)
    texts = _texts(tenant, [span.release.flow_version_id for span in spans])
    return show(
        request,
        tenant,
        "said",
        _("what the bot said"),
        form=asked,
        spans=[(span, texts.get(span.release.flow_version_id, ())) for span in spans],
        day=day,
    )


def _texts(tenant: Tenant, versions: list[int]) -> dict[int, object]:
    rows = FlowVersion.objects.for_tenant(tenant).filter(pk__in=versions).values_list("pk", "source")
    return {pk: spoken(source) for pk, source in rows}

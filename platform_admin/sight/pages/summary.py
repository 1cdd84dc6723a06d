"""The first page of a tenant: is it well, how busy is it, where do people leave, what came of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from platform_admin.observability.charts import bars
from platform_admin.observability.figures import by_hour, daily, label_sums
from platform_admin.observability.overview import overview
from platform_admin.observability.queries import open_incidents
from platform_admin.sight.access import of_tenant, show
from platform_admin.sight.funnel import funnel
from platform_admin.sight.troubles import troubles_of
from platform_admin.tenants.models import Tenant

DAYS: Final = 7
_LONG: Final = 30
_HOURS: Final = 24


@require_safe
@of_tenant
def summary(request: HttpRequest, tenant: Tenant) -> HttpResponse:
    now = timezone.now()
    today = now.astimezone(ZoneInfo(tenant.timezone)).date()
    week, month = today - timedelta(days=DAYS - 1), today - timedelta(days=_LONG - 1)
    (row,) = overview(Tenant.objects.filter(pk=tenant.pk), now=now)
    hours = by_hour([tenant.pk], "messages_in", until=now, hours=_HOURS).get(tenant.pk, [0] * _HOURS)
    per_day = dict.fromkeys((month + timedelta(days=n) for n in range(_LONG)), 0)
    for day, _name, _labels, count in daily(tenant, ["messages_in"], since=month):
        per_day[day] = per_day.get(day, 0) + count
    return show(
        request,
        tenant,
        "summary",
        _("summary"),
        row=row,
        troubles=troubles_of(row, open_incidents(tenant)),
        hours=bars(hours, [_("%(n)s h ago") % {"n": _HOURS - 1 - n} for n in range(_HOURS)]),
        days=bars(list(per_day.values()), [date_format(day, "SHORT_DATE_FORMAT") for day in per_day]),
        funnel=funnel(label_sums(tenant, "state_entered", since=week), label_sums(tenant, "transition", since=week)),
        outcomes=[(labels.get("outcome", ""), count) for labels, count in label_sums(tenant, "outcome", since=month)],
    )

"""Sums over what was counted. Each function is one query, however many tenants."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Sum

from platform_admin.observability.models import DailyCount, HourlyCount
from platform_admin.tenants.models import Tenant

_JOINED: Final = "joined to tenants that are scoped already"

type TenantId = int


def sums(tenants: Collection[TenantId], names: Sequence[str], *, since: datetime) -> Mapping[TenantId, dict[str, int]]:
    """How often each of ``names`` happened since then, by tenant."""
    rows = HourlyCount.objects.across_tenants(_JOINED).filter(hour__gte=since, name__in=names, tenant__in=tenants)
    found: dict[TenantId, dict[str, int]] = defaultdict(dict)
    for tenant, name, total in rows.order_by().values_list("tenant_id", "name").annotate(total=Sum("count")):
        found[tenant][name] = total
    return found


def by_hour(tenants: Collection[TenantId], name: str, *, until: datetime, hours: int) -> Mapping[TenantId, list[int]]:
    """A row of counts for each tenant, oldest first; the last one is the hour that ``until`` is in."""
    last = until.replace(minute=0, second=0, microsecond=0)
    first = last - timedelta(hours=hours - 1)
    rows = HourlyCount.objects.across_tenants(_JOINED).filter(hour__gte=first, name=name, tenant__in=tenants)
    found: dict[TenantId, list[int]] = defaultdict(lambda: [0] * hours)
    for tenant, hour, total in rows.order_by().values_list("tenant_id", "hour").annotate(total=Sum("count")):
        place = round((hour - first) / timedelta(hours=1))
        if 0 <= place < hours:
            found[tenant][place] = total
    return found


def usual_at(tenants: Collection[TenantId], name: str, *, at: datetime, days: int = 14) -> Mapping[TenantId, float]:
    """What this hour of the day usually brings: the mean of the same hour on the days before."""
    hour = at.replace(minute=0, second=0, microsecond=0)
    hours = [hour - timedelta(days=day) for day in range(1, days + 1)]
    rows = HourlyCount.objects.across_tenants(_JOINED).filter(hour__in=hours, name=name, tenant__in=tenants)
    totals = rows.order_by().values_list("tenant_id").annotate(total=Sum("count"))
    return {tenant: total / days for tenant, total in totals}


def daily(tenant: Tenant, names: Sequence[str], *, since: date) -> list[tuple[date, str, dict[str, str], int]]:
    """(day, name, labels, count) of one tenant, in the order of days."""
    rows = DailyCount.objects.for_tenant(tenant).filter(day__gte=since, name__in=names).order_by("day")
    return [
        (day, name, json.loads(labels), count)
        for day, name, labels, count in rows.values_list("day", "name", "labels", "count")
    ]


def label_sums(tenant: Tenant, name: str, *, since: date) -> list[tuple[dict[str, str], int]]:
    """(labels, count) of one counter since that day, most frequent first."""
    rows = DailyCount.objects.for_tenant(tenant).filter(day__gte=since, name=name).order_by()
    totals = rows.values_list("labels").annotate(total=Sum("count")).order_by("-total")
    return [(json.loads(labels), total) for labels, total in totals]

"""Increments are added to the counts of their hour and their day."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from platform_admin.observability.counts import LONGEST_LABELS, labels_key
from platform_admin.observability.models import DailyCount, HourlyCount
from platform_admin.observability.report_document import Counter
from platform_admin.tenants.models import Tenant

OLDEST: Final = timedelta(days=40)
"""A runtime keeps counting while the control plane is away; what is older belongs to no chart."""

_CLOCKS_DIFFER: Final = timedelta(hours=1)

type Series = tuple[str, str]
"""Name and labels."""


def add_counts(*, tenant: Tenant, counters: Iterable[Counter], now: datetime) -> None:
    """The caller holds the tenant's lock, so reading and writing back loses nothing."""
    zone = ZoneInfo(tenant.timezone)
    by_hour: Tally[tuple[Series, datetime]] = Tally()
    by_day: Tally[tuple[Series, date]] = Tally()
    for counter in counters:
        labels = labels_key(counter.labels)
        hour = counter.hour.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        if not counter.count or len(labels) > LONGEST_LABELS or not now - OLDEST <= hour <= now + _CLOCKS_DIFFER:
            continue
        by_hour[(counter.name, labels), hour] += counter.count
        by_day[(counter.name, labels), hour.astimezone(zone).date()] += counter.count
    if by_hour:
        _add_hours(tenant, by_hour)
        _add_days(tenant, by_day)


def _add_hours(tenant: Tenant, increments: Mapping[tuple[Series, datetime], int]) -> None:
    rows = HourlyCount.objects.for_tenant(tenant).filter(
        name__in={name for (name, _), _ in increments}, hour__in={hour for _, hour in increments}
    )
    known = {((row.name, row.labels), row.hour): row for row in rows}
    for (series, hour), count in increments.items():
        row = known.get((series, hour))
        if row is not None:
            row.count += count
    changed = [known[key] for key in increments if key in known]
    HourlyCount.objects.for_tenant(tenant).bulk_update(changed, ["count"])
    HourlyCount.objects.bulk_create(
        HourlyCount(tenant=tenant, hour=hour, name=name, labels=labels, count=count)
        for ((name, labels), hour), count in increments.items()
        if ((name, labels), hour) not in known
    )


def _add_days(tenant: Tenant, increments: Mapping[tuple[Series, date], int]) -> None:
    rows = DailyCount.objects.for_tenant(tenant).filter(
        name__in={name for (name, _), _ in increments}, day__in={day for _, day in increments}
    )
    known = {((row.name, row.labels), row.day): row for row in rows}
    for (series, day), count in increments.items():
        row = known.get((series, day))
        if row is not None:
            row.count += count
    changed = [known[key] for key in increments if key in known]
    DailyCount.objects.for_tenant(tenant).bulk_update(changed, ["count"])
    DailyCount.objects.bulk_create(
        DailyCount(tenant=tenant, day=day, name=name, labels=labels, count=count)
        for ((name, labels), day), count in increments.items()
        if ((name, labels), day) not in known
    )

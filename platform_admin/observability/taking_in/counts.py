"""Increments are added to the counts of their hour and their day."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import batched
from typing import Final
from zoneinfo import ZoneInfo

from django.db import connection

from platform_admin.observability.counts import LONGEST_LABELS, labels_key
from platform_admin.observability.models import DailyCount, HourlyCount
from platform_admin.observability.report_document import Counter
from platform_admin.tenants.models import Tenant

OLDEST: Final = timedelta(days=40)
"""A runtime keeps counting while the control plane is away; what is older belongs to no chart."""

_CLOCKS_DIFFER: Final = timedelta(hours=1)

_AT_ONCE: Final = 100
"""Rows of a statement: five values each, and SQLite has taken 999 of them for longest."""

type Series = tuple[str, str]
"""Name and labels."""


def add_counts(*, tenant: Tenant, counters: Iterable[Counter], now: datetime) -> None:
    """Increments of one report, each series once."""
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
    _add(HourlyCount, "hour", tenant, by_hour)
    _add(DailyCount, "day", tenant, by_day)


def _add[When: (datetime, date)](
    model: type[HourlyCount | DailyCount], column: str, tenant: Tenant, increments: Mapping[tuple[Series, When], int]
) -> None:
    """To the counts that are there, others begin: in one statement, where reading first would take three."""
    meta = model._meta  # noqa: SLF001 - Django documents it
    rows = [(tenant.pk, name, _as_stored(when), labels, count) for ((name, labels), when), count in increments.items()]
    for some in batched(rows, _AT_ONCE):
        places = ", ".join(["(%s, %s, %s, %s, %s)"] * len(some))
        statement = (
            f"INSERT INTO {meta.db_table} (tenant_id, name, {column}, labels, count) VALUES {places} "  # noqa: S608 - ours
            f"ON CONFLICT (tenant_id, name, {column}, labels) "
            f"DO UPDATE SET count = {meta.db_table}.count + excluded.count"
        )
        with connection.cursor() as cursor:
            cursor.execute(statement, [value for row in some for value in row])


def _as_stored(when: date) -> str | date | None:
    """As the database at hand has it: SQLite knows neither days nor moments."""
    if isinstance(when, datetime):
        return connection.ops.adapt_datetimefield_value(when)
    return connection.ops.adapt_datefield_value(when)

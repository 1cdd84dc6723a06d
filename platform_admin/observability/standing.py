"""How each tenant stands at one moment: facts from a handful of queries, whatever the number of tenants."""

from __future__ import annotations

import calendar
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db.models import Max, Q, QuerySet

from platform_admin.credentials.queries import ends_by_tenant
from platform_admin.observability.figures import sums, usual_at
from platform_admin.observability.models import Notice, RuntimeSighting
from platform_admin.tenants.models import Tenant

DAY: Final = timedelta(days=1)
EXPIRY_SEEN: Final = timedelta(days=30)
"""A month: a new token from a provider can take a fortnight of letters."""

NOTICE_LASTS: Final = DAY
"""A notice tells of a moment; what it tells of counts as over when a day has passed without another."""

LOOP: Final = "loop_detected"
"""The notice of a runtime that took a contact for another bot and paused it."""

_COUNTED: Final = ("turns", "errors", "fallbacks", "messages_in")


@dataclass(frozen=True, slots=True)
class Quota:
    """Tokens of free questions this month. ``limit`` may be none. ``forecast`` is where the month ends at this rate."""

    tokens: int
    limit: int | None
    forecast: int

    @property
    def percent(self) -> int | None:
        return None if not self.limit else round(100 * self.tokens / self.limit)

    @property
    def forecast_percent(self) -> int | None:
        return None if not self.limit else round(100 * self.forecast / self.limit)


@dataclass(frozen=True, slots=True)
class Standing:
    """One tenant. Counts are those of the last 24 hours; ``usual_inbound`` is what this hour of the day brings."""

    tenant: Tenant
    now: datetime
    live_serial: int | None
    sighting: RuntimeSighting | None
    turns: int
    errors: int
    fallbacks: int
    messages_in: int
    usual_inbound: float
    quota: Quota | None
    ending_credentials: tuple[tuple[str, date], ...] = ()
    """Field and last day of those that end within ``EXPIRY_SEEN`` or have ended, the soonest first."""
    loop: str | None = None
    """What the runtime said of the last loop it broke within ``NOTICE_LASTS``; ``None`` for no loop."""

    @property
    def runtime_serial(self) -> int | None:
        return None if self.sighting is None else self.sighting.serial

    @property
    def last_seen_at(self) -> datetime | None:
        if self.sighting is None:
            return None
        return max(filter(None, (self.sighting.last_pull_at, self.sighting.last_report_at)), default=None)

    @property
    def last_inbound_at(self) -> datetime | None:
        return None if self.sighting is None else self.sighting.last_inbound_at

    @property
    def error_percent(self) -> float:
        return 100 * self.errors / self.turns if self.turns else 0.0

    @property
    def fallback_percent(self) -> float:
        return 100 * self.fallbacks / self.messages_in if self.messages_in else 0.0


def standings(tenants: QuerySet[Tenant], *, now: datetime) -> list[Standing]:
    """Six queries, however many tenants."""
    rows = list(tenants.select_related("runtime_sighting"))
    ids = [tenant.pk for tenant in rows]
    # Apart from the rows: grouped beside them, the database would compare every column, the gauges included.
    newest = Max("releases__serial", filter=Q(releases__staged_for__isnull=True))
    live = dict(Tenant.objects.filter(pk__in=ids).order_by().values_list("pk").annotate(live=newest))
    counted = sums(ids, _COUNTED, since=now - DAY)
    usual = usual_at(ids, "messages_in", at=now)
    ending = ends_by_tenant(ids, until=(now + EXPIRY_SEEN).date())
    loops = _loops(ids, now=now)
    return [
        replace(
            _standing(tenant, now, live.get(tenant.pk), counted.get(tenant.pk, {}), usual.get(tenant.pk, 0.0)),
            ending_credentials=ending.get(tenant.pk, ()),
            loop=loops.get(tenant.pk),
        )
        for tenant in rows
    ]


def _loops(tenants: Collection[int], *, now: datetime) -> Mapping[int, str]:
    rows = Notice.objects.across_tenants("joined to tenants that are scoped already").filter(
        tenant__in=tenants, kind=LOOP, at__gte=now - NOTICE_LASTS
    )
    return dict(rows.order_by("at").values_list("tenant_id", "detail"))  # the last one of each stays


def _standing(
    tenant: Tenant, now: datetime, live_serial: int | None, counted: Mapping[str, int], usual: float
) -> Standing:
    sighting: RuntimeSighting | None = getattr(tenant, "runtime_sighting", None)
    return Standing(
        tenant=tenant,
        now=now,
        live_serial=live_serial,
        sighting=sighting,
        turns=counted.get("turns", 0),
        errors=counted.get("errors", 0),
        fallbacks=counted.get("fallbacks", 0),
        messages_in=counted.get("messages_in", 0),
        usual_inbound=usual,
        quota=None if sighting is None else quota_of(sighting.gauges, now=now),
    )


def quota_of(gauges: Mapping[str, Any], *, now: datetime) -> Quota | None:
    """From what the runtime says of this month; ``None`` when it says nothing, or speaks of another month."""
    said = gauges.get("quota")
    if not isinstance(said, dict) or said.get("month") != f"{now:%Y-%m}":
        return None
    tokens, limit = said.get("tokens"), said.get("limit")
    if not isinstance(tokens, int) or tokens < 0:
        return None
    days_in_month = calendar.monthrange(now.year, now.month)[1]
    gone = now.day - 1 + (now.hour + now.minute / 60) / 24
    # In the first hours a single question would forecast a fortune; a day is the least to judge by.
    forecast = round(tokens * days_in_month / max(gone, 1.0))
    return Quota(tokens, limit if isinstance(limit, int) else None, max(forecast, tokens))

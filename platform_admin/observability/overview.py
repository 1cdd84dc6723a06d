"""The first page: every business at a glance, what needs a look first. Read by the admin's index."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Max, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils import timezone as clock

from platform_admin.observability.models import RuntimeSighting
from platform_admin.tenants.models import Tenant
from platform_admin.tenants.queries import tenants_of
from platform_admin.tenants.scoped_admin import signed_in

MOST_ROWS = 100
"""One screenful and a bit; beyond it people search in the list of tenants."""


SILENT_AFTER = timedelta(minutes=5)
"""A runtime asks every 15 seconds, and at least once a minute after failures; five minutes are no coincidence."""


@dataclass(frozen=True, slots=True)
class OverviewRow:
    """One business: what is live, what its runtime has, when it was last here. ``now`` is when that was looked up."""

    tenant: Tenant
    live_serial: int | None
    runtime_serial: int | None
    last_pull_at: datetime | None
    now: datetime

    @property
    def state(self) -> str:
        """In words, for the badge."""
        if self.live_serial is None:
            return "nothing published"
        if self.last_pull_at is None:
            return "never started"
        if self.now - self.last_pull_at > SILENT_AFTER:
            return "not heard from"
        return "up to date" if self.runtime_serial == self.live_serial else "behind"

    @property
    def needs_a_look(self) -> bool:
        return self.state in ("never started", "not heard from", "behind")


def overview(tenants: QuerySet[Tenant], *, now: datetime) -> list[OverviewRow]:
    """One query; rows that need a look come first."""
    seen = RuntimeSighting.objects.across_tenants("joined to tenants that are scoped already").filter(
        tenant=OuterRef("pk")
    )
    annotated = tenants.annotate(
        live=Max("releases__serial"),
        has=Subquery(seen.values("serial")[:1]),
        pulled=Subquery(seen.values("last_pull_at")[:1]),
    )
    rows = [OverviewRow(t, t.live, t.has, t.pulled, now) for t in annotated[:MOST_ROWS]]
    return sorted(rows, key=lambda row: not row.needs_a_look)


def for_index(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """The theme's hook for the index page."""
    return {**context, "overview": overview(tenants_of(signed_in(request)), now=clock.now())}

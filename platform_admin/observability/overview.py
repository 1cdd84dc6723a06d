"""The first page: every business at a glance, what needs a look first. Read by the admin's index."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max, OuterRef, QuerySet, Subquery
from django.http import HttpRequest

from platform_admin.observability.models import RuntimeSighting
from platform_admin.tenants.models import Tenant
from platform_admin.tenants.queries import tenants_of
from platform_admin.tenants.scoped_admin import signed_in

MOST_ROWS = 100
"""One screenful and a bit; beyond it people search in the list of tenants."""


@dataclass(frozen=True, slots=True)
class OverviewRow:
    """One business: what is live, what its runtime has, when it was last here."""

    tenant: Tenant
    live_serial: int | None
    runtime_serial: int | None
    last_pull_at: datetime | None

    @property
    def state(self) -> str:
        """In words, for the badge."""
        if self.live_serial is None:
            return "nothing published"
        if self.last_pull_at is None:
            return "never started"
        return "up to date" if self.runtime_serial == self.live_serial else "behind"

    @property
    def needs_a_look(self) -> bool:
        return self.state in ("never started", "behind")


def overview(tenants: QuerySet[Tenant]) -> list[OverviewRow]:
    """One query; rows that need a look come first."""
    seen = RuntimeSighting.objects.across_tenants("joined to tenants that are scoped already").filter(
        tenant=OuterRef("pk")
    )
    annotated = tenants.annotate(
        live=Max("releases__serial"),
        has=Subquery(seen.values("serial")[:1]),
        pulled=Subquery(seen.values("last_pull_at")[:1]),
    )
    rows = [OverviewRow(t, t.live, t.has, t.pulled) for t in annotated[:MOST_ROWS]]
    return sorted(rows, key=lambda row: not row.needs_a_look)


def for_index(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """The theme's hook for the index page."""
    return {**context, "overview": overview(tenants_of(signed_in(request)))}

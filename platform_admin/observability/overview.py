"""The first page: every business at a glance, what needs a look first. Read by the admin's index and by ``tenants``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone as clock
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from platform_admin.observability.charts import spark
from platform_admin.observability.conditions import CONDITIONS, Condition, conditions_of
from platform_admin.observability.figures import by_hour
from platform_admin.observability.standing import Quota, Standing, standings
from platform_admin.tenants.models import Tenant
from platform_admin.tenants.queries import tenants_of
from platform_admin.tenants.scoped_admin import signed_in

MOST_ROWS: Final = 50
"""Two screenfuls; beyond it people search in the list of tenants. The worst come first, so none is missed."""

_HOURS: Final = 24


@dataclass(frozen=True, slots=True)
class OverviewRow:
    """One business. ``spark`` is the messages of each of the last 24 hours, oldest first."""

    standing: Standing
    conditions: tuple[Condition, ...]
    spark: Sequence[int] = ()

    @property
    def tenant(self) -> Tenant:
        return self.standing.tenant

    @property
    def live_serial(self) -> int | None:
        return self.standing.live_serial

    @property
    def runtime_serial(self) -> int | None:
        return self.standing.runtime_serial

    @property
    def last_seen_at(self) -> datetime | None:
        return self.standing.last_seen_at

    @property
    def last_inbound_at(self) -> datetime | None:
        return self.standing.last_inbound_at

    @property
    def quota(self) -> Quota | None:
        return self.standing.quota

    @property
    def spark_path(self) -> str:
        """The sparkline, as the ``d`` of an SVG path 96 wide and 24 high."""
        return spark(self.spark)

    @property
    def alerts(self) -> tuple[str | Promise, ...]:
        """In words, the worst first."""
        return tuple(condition.words for condition in self.conditions)

    @property
    def state(self) -> str | Promise:
        """One word for the badge."""
        if self.tenant.status == Tenant.Status.SUSPENDED:
            return _("suspended")
        if self.live_serial is None:
            return _("nothing published")
        return self.conditions[0].words if self.conditions else _("up to date")

    @property
    def needs_a_look(self) -> bool:
        """Something is not as it should be, or nobody is served yet, or any more."""
        served = self.live_serial is not None and self.tenant.status != Tenant.Status.SUSPENDED
        return bool(self.conditions) or not served

    @property
    def is_severe(self) -> bool:
        return any(condition.severe for condition in self.conditions)


def overview(tenants: QuerySet[Tenant], *, now: datetime, most: int | None = MOST_ROWS) -> list[OverviewRow]:
    """Seven queries, however many businesses; rows that need a look come first, the worst of them on top."""
    rows = [OverviewRow(standing, conditions_of(standing)) for standing in standings(tenants, now=now)]
    rows.sort(key=_worst_first)
    shown = rows[:most]
    sparks = by_hour([row.tenant.pk for row in shown], "messages_in", until=now, hours=_HOURS)
    return [OverviewRow(row.standing, row.conditions, sparks.get(row.tenant.pk, ())) for row in shown]


def _worst_first(row: OverviewRow) -> tuple[int, str]:
    ranks = [CONDITIONS.index(condition) for condition in row.conditions]
    return (min(ranks, default=len(CONDITIONS)), row.tenant.slug)


def for_index(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """The theme's hook for the index page."""
    tenants = tenants_of(signed_in(request)).exclude(status=Tenant.Status.DELETED)
    rows = overview(tenants, now=clock.now())
    return {**context, "overview": rows, "overview_full": len(rows) == MOST_ROWS}

"""Incidents from conditions: one begins when its line becomes true and ends when it is no longer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from platform_admin.observability.conditions import BY_KIND, conditions_of
from platform_admin.observability.incidents import end_incident, open_incident
from platform_admin.observability.models import Incident, Notice
from platform_admin.observability.standing import NOTICE_LASTS, standings
from platform_admin.tenants.models import Tenant

RELEASE_REFUSED: Final = "release_refused"
"""Begun by the report that says so, not by a condition."""

TELLING_NOTICES: Final = frozenset({"channel_stopped", "clock_stalled", "token_expired"})
"""Notices of a runtime that are an incident by themselves; it is over when a day has passed without another."""


@dataclass(frozen=True, slots=True)
class Watched:
    began: int
    ended: int


def watch(*, now: datetime) -> Watched:
    """One pass over all tenants; may be repeated at any time."""
    open_now = _open_incidents()
    began = ended = 0
    for standing in standings(Tenant.objects.filter(status=Tenant.Status.ACTIVE), now=now):
        tenant = standing.tenant
        wrong = {condition.kind: condition.about(standing) for condition in conditions_of(standing)}
        known = open_now.get(tenant.pk, set())
        for kind in wrong.keys() - known:
            began += open_incident(tenant=tenant, kind=kind, detail=wrong[kind], at=now)
        # A refused release is over when the runtime has what is live, whatever that is by then.
        over = {kind for kind in known if kind in BY_KIND and kind not in wrong}
        over |= {RELEASE_REFUSED} if RELEASE_REFUSED in known and "behind" not in wrong else set()
        for kind in over:
            ended += end_incident(tenant=tenant, kind=kind, at=now)
    notices = _watch_notices(open_now, now=now)
    return Watched(began + notices.began, ended + notices.ended)


def _open_incidents() -> dict[int, set[str]]:
    rows = Incident.objects.across_tenants("the worker watches all tenants").filter(ended_at=None)
    found: dict[int, set[str]] = {}
    for tenant, kind in rows.values_list("tenant_id", "kind"):
        found.setdefault(tenant, set()).add(kind)
    return found


def _watch_notices(open_now: dict[int, set[str]], *, now: datetime) -> Watched:
    recent = Notice.objects.across_tenants("the worker watches all tenants").filter(
        kind__in=TELLING_NOTICES, at__gte=now - NOTICE_LASTS
    )
    seen: dict[tuple[int, str], Notice] = {}
    for notice in recent.select_related("tenant").order_by("at"):
        seen[notice.tenant_id, notice.kind] = notice
    began = sum(
        open_incident(tenant=notice.tenant, kind=kind, detail=notice.detail, at=notice.at)
        for (tenant, kind), notice in seen.items()
        if kind not in open_now.get(tenant, set())
    )
    over = [
        (tenant, kind)
        for tenant, kinds in open_now.items()
        for kind in kinds & TELLING_NOTICES
        if (tenant, kind) not in seen
    ]
    tenants = Tenant.objects.in_bulk({tenant for tenant, _ in over})
    ended = sum(end_incident(tenant=tenants[tenant], kind=kind, at=now) for tenant, kind in over)
    return Watched(began, ended)


def is_severe(kind: str) -> bool:
    """Whether customers suffer from it."""
    condition = BY_KIND.get(kind)
    return kind in TELLING_NOTICES if condition is None else condition.severe


def told_after(kind: str) -> timedelta:
    """How long it has to go on before people are written to."""
    condition = BY_KIND.get(kind)
    return timedelta() if condition is None else condition.told_after


def is_told(kind: str) -> bool:
    """Whether people are written to about it."""
    condition = BY_KIND.get(kind)
    return condition is None or condition.told

"""What the bot could say on a day: every release that was live then, from when to when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count

from platform_admin.observability.models import Turn
from platform_admin.releases.models import Release
from platform_admin.releases.queries import releases_of
from platform_admin.tenants.models import Tenant


@dataclass(frozen=True, slots=True)
class LiveSpan:
    """``release`` was live from ``since`` until ``until`` (``None``: it still is). ``turns`` ran on it that day."""

    release: Release
    since: datetime
    until: datetime | None
    turns: int


def live_between(tenant: Tenant, start: datetime, end: datetime) -> list[LiveSpan]:
    """Oldest first: the one that was live at ``start`` already, and those that went out before ``end``.

    By the control plane's clock; a runtime takes a release within seconds, unless it was away. What turns ran on is
    counted as the runtime reported it, as long as turns are kept.
    """
    public = releases_of(tenant).filter(staged_for__isnull=True)
    before = public.filter(created_at__lt=start).order_by("-serial").first()
    within = list(public.filter(created_at__gte=start, created_at__lt=end).order_by("serial"))
    rows = [*([before] if before is not None else []), *within]
    after = public.filter(created_at__gte=end).order_by("serial").first()
    turns = Turn.objects.for_tenant(tenant).filter(at__gte=start, at__lt=end).order_by()
    counted = dict(turns.values_list("serial").annotate(n=Count("pk")))
    ends = [*(row.created_at for row in rows[1:]), None if after is None else after.created_at]
    return (
        [
            LiveSpan(row, row.created_at, until, counted.get(row.serial, 0))
            for row, until in zip(rows, ends, strict=True)
        ]
        if rows
        else []
    )

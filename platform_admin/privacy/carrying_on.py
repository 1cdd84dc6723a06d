"""What the worker does about erasures: go on with those that were interrupted, and sweep after those that are over."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from platform_admin.commands.models import RuntimeCommand
from platform_admin.privacy.actions import carry_on_with
from platform_admin.privacy.forgetting import forget_rows
from platform_admin.privacy.models import Erasure

_REASON: Final = "the worker goes on with every tenant's erasures"
_OPEN: Final = (RuntimeCommand.State.QUEUED, RuntimeCommand.State.DELIVERED)

SWEPT_FOR: Final = timedelta(days=14)
"""A report that was on its way may come again for a week; one of them could bring an erased row back."""


def carry_on(*, now: datetime) -> str:
    """In a few words, what came of it. May be repeated."""
    settled = 0
    rows = Erasure.objects.across_tenants(_REASON).filter(state=Erasure.State.PENDING)
    for erasure in rows.exclude(command__state__in=_OPEN).select_related("command__tenant"):
        settled += carry_on_with(erasure, now=now)
    swept = 0
    over = Erasure.objects.across_tenants(_REASON).filter(state=Erasure.State.DONE)
    for erasure in over.filter(finished_at__gte=now - SWEPT_FOR).select_related("tenant"):
        if erasure.finished_at is not None:
            removed = forget_rows(tenant=erasure.tenant, contact=erasure.contact, until=erasure.finished_at)
            swept += sum(removed.values())
    return f"{settled} erasures went on, {swept} late rows removed"

"""How long the control plane keeps what it sees, table by table. What is not named here is kept with its tenant."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Model

from platform_admin.commands.models import ContactExport, RuntimeCommand
from platform_admin.credentials.models import USES_KEPT_DAYS, UseOfCredential
from platform_admin.observability.models import (
    Conversation,
    DailyCount,
    DeadLetter,
    HandOff,
    HourlyCount,
    Incident,
    Notice,
    ReceivedReport,
    Turn,
    UnansweredQuestion,
)
from platform_admin.tenants.models import Tenant
from platform_admin.tenants.retention import days_kept
from platform_admin.tenants.scoping import ScopedQuerySet

_REASON: Final = "retention is the same for every tenant"

DAYS: Final[tuple[tuple[type[Model], str, int], ...]] = (
    (HourlyCount, "hour", 16),
    (DailyCount, "day", 800),
    (Notice, "at", 90),
    (Incident, "ended_at", 400),
    (RuntimeCommand, "finished_at", 30),
    (UseOfCredential, "at", USES_KEPT_DAYS),
)
"""Table, the column its age is told by, days. Two years of days are two summers; owners choose the rest."""

AT_ONCE: Final = 5_000
"""Rows removed in one statement: a delete must not hold locks for minutes."""


def forget_old(*, now: datetime) -> dict[str, int]:
    """Remove what is past its time; rows by table."""
    removed = {}
    for model, column, days in DAYS:
        rows: Any = model._default_manager  # noqa: SLF001 - Django documents it
        limit = now - timedelta(days=days)
        value = limit.date() if column == "day" else limit
        removed[model.__name__] = _in_pieces(rows.across_tenants(_REASON).filter(**{f"{column}__lt": value}))
    exports = ContactExport.objects.across_tenants(_REASON).filter(expires_at__lt=now)
    removed["ContactExport"] = _in_pieces(exports)
    for tenant in Tenant.objects.exclude(status=Tenant.Status.DELETED).select_related("settings"):
        for name, count in _forget_of(tenant, now=now).items():
            removed[name] = removed.get(name, 0) + count
    return {name: count for name, count in removed.items() if count}


def _forget_of(tenant: Tenant, *, now: datetime) -> dict[str, int]:
    """What the tenant itself says how long to keep."""

    def since(key: str) -> datetime:
        return now - timedelta(days=days_kept(tenant, key))

    turns = since("turns_days")
    return {
        "ReceivedReport": _in_pieces(
            ReceivedReport.objects.for_tenant(tenant).filter(received_at__lt=since("reports_days"))
        ),
        "UnansweredQuestion": _in_pieces(
            UnansweredQuestion.objects.for_tenant(tenant).filter(at__lt=since("questions_days"))
        ),
        "Turn": _in_pieces(Turn.objects.for_tenant(tenant).filter(at__lt=turns)),
        "Conversation": _in_pieces(Conversation.objects.for_tenant(tenant).filter(last_at__lt=turns)),
        "HandOff": _in_pieces(HandOff.objects.for_tenant(tenant).filter(open=False, at__lt=turns)),
        "DeadLetter": _in_pieces(DeadLetter.objects.for_tenant(tenant).filter(at__lt=since("dead_letters_days"))),
    }


def _in_pieces[M: Model](rows: ScopedQuerySet[M]) -> int:
    total = 0
    while ids := list(rows.order_by().values_list("pk", flat=True)[:AT_ONCE]):
        total += rows.filter(pk__in=ids).delete()[0]
        if len(ids) < AT_ONCE:
            break
    return total

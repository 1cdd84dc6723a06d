"""Incidents begin once and end once."""

from __future__ import annotations

from datetime import datetime

from platform_admin.observability.models import Incident
from platform_admin.tenants.models import Tenant

_LONGEST_DETAIL = 500


def open_incident(*, tenant: Tenant, kind: str, detail: str, at: datetime) -> bool:
    """Whether it began just now; one that is open already goes on as it is."""
    if Incident.objects.for_tenant(tenant).filter(kind=kind, ended_at=None).exists():
        return False
    # Another process may be as quick: the constraint lets one of the two through.
    row = Incident(tenant=tenant, kind=kind, detail=detail[:_LONGEST_DETAIL], started_at=at)
    Incident.objects.bulk_create([row], ignore_conflicts=True)
    return True


def end_incident(*, tenant: Tenant, kind: str, at: datetime) -> bool:
    """Whether one was open."""
    return Incident.objects.for_tenant(tenant).filter(kind=kind, ended_at=None).update(ended_at=at) > 0

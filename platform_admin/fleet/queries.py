"""What is asked about the fleet."""

from __future__ import annotations

from django.db.models import QuerySet

from platform_admin.fleet.models import Deployment
from platform_admin.tenants.models import Tenant


def deployment_of(tenant: Tenant) -> Deployment | None:
    return Deployment.objects.for_tenant(tenant).select_related("tenant").first()


def all_deployments() -> QuerySet[Deployment]:
    return Deployment.objects.across_tenants("the orchestrator runs every tenant").select_related("tenant")


def taken_ports(*, but: Tenant | None = None) -> frozenset[int]:
    """Ports that are given away, to tenants other than ``but``."""
    rows = Deployment.objects.across_tenants("a port belongs to one tenant of the whole machine")
    return frozenset((rows.exclude(tenant=but) if but else rows).values_list("port", flat=True))

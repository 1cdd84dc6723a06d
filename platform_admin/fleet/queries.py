"""What is asked about the fleet."""

from __future__ import annotations

from django.db.models import QuerySet

from platform_admin.errors import NotThereError
from platform_admin.fleet.models import Deployment, Rollout
from platform_admin.tenants.models import Tenant


def deployment_of(tenant: Tenant) -> Deployment | None:
    return Deployment.objects.for_tenant(tenant).select_related("tenant").first()


def required_deployment(tenant: Tenant) -> Deployment:
    """Raises ``NotThereError`` with what to do."""
    deployment = deployment_of(tenant)
    if deployment is None:
        raise NotThereError(f"{tenant.slug} is not deployed. Deploy it: manage.py fleet deploy {tenant.slug}")
    return deployment


def all_deployments(*, driver: str | None = None) -> QuerySet[Deployment]:
    rows = Deployment.objects.across_tenants("the orchestrator runs every tenant").select_related("tenant")
    return rows if driver is None else rows.filter(driver=driver)


def deleted_slugs() -> frozenset[str]:
    """Tenants that somebody deleted: their rows say so, which is not the same as having no row."""
    return frozenset(Tenant.objects.filter(status=Tenant.Status.DELETED).values_list("slug", flat=True))


def taken_ports(*, but: Tenant | None = None) -> frozenset[int]:
    """Ports that are given away, to tenants other than ``but``."""
    rows = Deployment.objects.across_tenants("a port belongs to one tenant of the whole machine")
    return frozenset((rows.exclude(tenant=but) if but else rows).values_list("port", flat=True))


def open_rollout() -> Rollout | None:
    """The rollout that is not over, also when it waits for somebody."""
    over = [Rollout.State.DONE, Rollout.State.REPLACED]
    return Rollout.objects.exclude(state__in=over).first()


def fleet_image() -> str:
    """What the last finished rollout brought the fleet to; ``""`` when there was none."""
    last = Rollout.objects.filter(state=Rollout.State.DONE).first()
    return last.image if last else ""

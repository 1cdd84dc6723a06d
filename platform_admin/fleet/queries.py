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


def all_deployments(*, driver: str | None = None, place: str | None = None) -> QuerySet[Deployment]:
    """``place``: those there, and those that nobody has taken yet."""
    rows = Deployment.objects.across_tenants("the orchestrator runs every tenant").select_related("tenant")
    rows = rows if driver is None else rows.filter(driver=driver)
    return rows if place is None else rows.filter(place__in=["", place])


def slugs_of_all() -> set[str]:
    """Of all tenants that are deployed, wherever."""
    return set(all_deployments().values_list("tenant__slug", flat=True))


def deleted_slugs() -> frozenset[str]:
    """Tenants that the lifecycle deleted, their grace being over.

    A missing row is not enough, nor is the status alone: a volume does not come back.
    """
    deleted = Tenant.objects.filter(status=Tenant.Status.DELETED, deleted_at__isnull=False)
    return frozenset(deleted.values_list("slug", flat=True))


def taken_ports(*, but: Tenant | None = None) -> frozenset[int]:
    """Ports that are given away, to tenants other than ``but``."""
    rows = Deployment.objects.across_tenants("a port belongs to one tenant of the whole machine")
    return frozenset((rows.exclude(tenant=but) if but else rows).values_list("port", flat=True))


def open_rollout(*, locked: bool = False) -> Rollout | None:
    """The rollout that is not over, also when it waits for somebody. ``locked``: until the transaction ends."""
    rows = Rollout.objects.select_for_update() if locked else Rollout.objects.all()
    return rows.exclude(state__in=[Rollout.State.DONE, Rollout.State.REPLACED]).first()


def fleet_image() -> str:
    """What the last finished rollout brought the fleet to; ``""`` when there was none."""
    last = Rollout.objects.filter(state=Rollout.State.DONE).exclude(image="").first()
    return last.image if last else ""

"""What can be done to the fleet: want a tenant's runtime, want it stopped, note what was seen of it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from platform_admin.errors import ConflictError
from platform_admin.fleet.drivers.port import RuntimeStatus
from platform_admin.fleet.models import FIRST_PORT, HIGHEST_PORT, Deployment
from platform_admin.fleet.queries import deployment_of, taken_ports
from platform_admin.tenants import audit
from platform_admin.tenants.actor import Actor, require_operator
from platform_admin.tenants.models import Tenant

_REASON_LENGTH = 500


@transaction.atomic
def deploy(*, tenant: Tenant, by: Actor, port: int | None = None) -> Deployment:
    """Want the tenant's runtime running, on ``port`` or the next free one. Asking again changes only what differs.

    Raises ``NotAllowedError``, ``ConflictError`` when another tenant has the port, ``ValidationError`` for a bad one.
    """
    require_operator(by)
    deployment = deployment_of(tenant) or Deployment(tenant=tenant, port=port or next_port())
    before = (deployment.pk, deployment.port, deployment.desired)
    deployment.port = port or deployment.port
    deployment.desired = Deployment.Desired.RUNNING
    if before == (deployment.pk, deployment.port, deployment.desired) and deployment.pk is not None:
        return deployment
    if deployment.port in taken_ports(but=tenant):
        raise ConflictError(f"Port {deployment.port} belongs to another tenant's runtime.")
    deployment.full_clean()
    deployment.save()
    audit.record(by=by, verb="deployed", subject=tenant.slug, tenant=tenant, details={"port": deployment.port})
    return deployment


@transaction.atomic
def suspend(*, deployment: Deployment, by: Actor) -> Deployment:
    """Want the runtime stopped. Its port, its files and its conversations stay."""
    require_operator(by)
    if deployment.desired != Deployment.Desired.STOPPED:
        deployment.desired = Deployment.Desired.STOPPED
        deployment.save(update_fields=["desired"])
        audit.record(by=by, verb="suspended", subject=deployment.tenant.slug, tenant=deployment.tenant)
    return deployment


def note_status(*, deployment: Deployment, status: RuntimeStatus, at: datetime) -> None:
    """Remember what a driver saw. Not audited: nobody decided it."""
    rows = Deployment.objects.for_tenant(deployment.tenant)
    rows.update(seen=status.state.value, seen_at=at, reason=status.reason[:_REASON_LENGTH])


def next_port() -> int:
    """The lowest port that no tenant has. Raises ``ConflictError`` when there is none left."""
    taken = taken_ports()
    port = next((port for port in range(FIRST_PORT, HIGHEST_PORT + 1) if port not in taken), None)
    if port is None:
        raise ConflictError("Every port is given away. Retire a tenant first.")
    return port

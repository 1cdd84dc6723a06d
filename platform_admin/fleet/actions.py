"""What can be done to the fleet: want a runtime running, stopped or gone, and note what was seen of it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from flow_engine.vocabulary import JSONObject
from platform_admin.errors import ConflictError
from platform_admin.fleet.driver import Readiness, SeenRuntime
from platform_admin.fleet.models import FIRST_PORT, HIGHEST_PORT, Deployment
from platform_admin.fleet.queries import deployment_of, fleet_image, taken_ports
from platform_admin.tenants import audit
from platform_admin.tenants.actor import Actor, require_operator
from platform_admin.tenants.models import Tenant

_REASON_LENGTH = 500

_SEEN_AGAIN = timedelta(minutes=1)

VOLUME_KEPT = timedelta(days=30)
"""How long a removed runtime's conversations can be had back: a month's invoice is noticed by then."""


@transaction.atomic
def deploy(
    *, tenant: Tenant, by: Actor, port: int | None = None, driver: str | None = None, canary: bool | None = None
) -> Deployment:
    """Want the tenant's runtime running, on ``port`` or the next free one. Asking again changes only what differs.

    Raises ``NotAllowedError``, ``ConflictError`` when another tenant has the port, ``ValidationError`` for a bad one.
    """
    require_operator(by)
    deployment = deployment_of(tenant) or Deployment(tenant=tenant, port=port or next_port(), image=fleet_image())
    known, before = deployment.pk is not None, _wish(deployment)
    deployment.port = port or deployment.port
    deployment.driver = driver or deployment.driver
    deployment.canary = deployment.canary if canary is None else canary
    deployment.desired, deployment.volume_until = Deployment.Desired.RUNNING, None
    if known and before == _wish(deployment):
        return deployment
    if deployment.port in taken_ports(but=tenant):
        raise ConflictError(f"Port {deployment.port} belongs to another tenant's runtime.")
    deployment.full_clean()
    deployment.save()
    details: JSONObject = {"port": deployment.port, "driver": deployment.driver, "canary": deployment.canary}
    audit.record(
        by=by, verb="deployed", subject=tenant.slug, tenant=tenant, details=details, before=before if known else None,
        after=_wish(deployment),
    )  # fmt: skip
    return deployment


@transaction.atomic
def suspend(*, deployment: Deployment, by: Actor) -> Deployment:
    """Want the runtime stopped. Its port, its files and its conversations stay."""
    require_operator(by)
    if deployment.desired != Deployment.Desired.STOPPED:
        before = _wish(deployment)
        deployment.desired = Deployment.Desired.STOPPED
        deployment.save(update_fields=["desired"])
        audit.record(
            by=by, verb="suspended", subject=deployment.tenant.slug, tenant=deployment.tenant, before=before,
            after=_wish(deployment),
        )  # fmt: skip
    return deployment


@transaction.atomic
def remove(*, deployment: Deployment, by: Actor, keep_volume: timedelta = VOLUME_KEPT) -> Deployment:
    """Want the runtime gone. Its volume is kept for ``keep_volume``: deployed again before, it goes on with it."""
    require_operator(by)
    before = _wish(deployment)
    deployment.desired, deployment.volume_until = Deployment.Desired.REMOVED, timezone.now() + keep_volume
    deployment.save(update_fields=["desired", "volume_until"])
    details: JSONObject = {"volume_until": deployment.volume_until.isoformat()}
    audit.record(
        by=by, verb="removed", subject=deployment.tenant.slug, tenant=deployment.tenant, details=details, before=before,
        after=_wish(deployment),
    )  # fmt: skip
    return deployment


def note_seen(*, deployment: Deployment, seen: SeenRuntime, readiness: Readiness, at: datetime) -> None:
    """Remember what a driver saw. Not audited: nobody decided it. The same again is written once a minute."""
    new = (seen.state.value, seen.image, readiness.ready, (seen.reason or readiness.reason)[:_REASON_LENGTH])
    same = new == (deployment.seen, deployment.seen_image, deployment.ready, deployment.reason)
    if same and deployment.seen_at is not None and at - deployment.seen_at < _SEEN_AGAIN:
        return
    deployment.seen, deployment.seen_image, deployment.ready, deployment.reason = new
    Deployment.objects.for_tenant(deployment.tenant).update(
        seen=new[0], seen_image=new[1], ready=new[2], reason=new[3], seen_at=at
    )


def note_refused(*, deployment: Deployment, reason: str, at: datetime) -> None:
    """Remember why a driver did not do as it was asked; what was seen before may still be true."""
    rows = Deployment.objects.for_tenant(deployment.tenant)
    rows.update(seen=Deployment.Seen.FAILED, seen_at=at, ready=False, reason=reason[:_REASON_LENGTH])


def next_port() -> int:
    """The lowest port that no tenant has. Raises ``ConflictError`` when there is none left."""
    taken = taken_ports()
    port = next((port for port in range(FIRST_PORT, HIGHEST_PORT + 1) if port not in taken), None)
    if port is None:
        raise ConflictError("Every port is given away. Retire a tenant first.")
    return port


def _wish(deployment: Deployment) -> JSONObject:
    """What is wanted, as it stands in the trail."""
    until = deployment.volume_until
    return {
        "desired": str(deployment.desired),
        "port": deployment.port,
        "driver": str(deployment.driver),
        "canary": deployment.canary,
        "volume_until": None if until is None else until.isoformat(),
    }

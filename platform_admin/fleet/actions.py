"""What can be done to the fleet: want a runtime running, stopped or gone, and note what was seen of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import batched

from django.db import transaction
from django.db.models import Case, F, QuerySet, Value, When
from django.utils import timezone

from flow_engine.vocabulary import JSONObject
from platform_admin.errors import ConflictError
from platform_admin.fleet.driver import Readiness, RuntimeState, SeenRuntime
from platform_admin.fleet.models import FIRST_PORT, HIGHEST_PORT, Deployment
from platform_admin.fleet.queries import deployment_of, fleet_image, open_rollout, taken_ports
from platform_admin.tenants import audit
from platform_admin.tenants.actor import Actor, require_operator
from platform_admin.tenants.models import Tenant

_REASON_LENGTH = 500

_SEEN_AGAIN = timedelta(minutes=1)

_CLOCK_AGAIN = timedelta(seconds=15)
"""Often enough for any patience with a rollout; not in each pass, for perhaps a thousand tenants wait for one image."""

_AT_ONCE = 1000

VOLUME_KEPT = timedelta(days=30)
"""How long a removed runtime's conversations can be had back: a month's invoice is noticed by then."""


@transaction.atomic
def deploy(
    *,
    tenant: Tenant,
    by: Actor,
    port: int | None = None,
    driver: str | None = None,
    canary: bool | None = None,
    place: str | None = None,
) -> Deployment:
    """Want the tenant's runtime running, on ``port`` or the next free one. Asking again changes only what differs.

    With another driver it is for the first orchestrator of that one, unless ``place`` says where.

    Raises ``NotAllowedError``, ``ConflictError`` when another tenant has the port or it runs elsewhere,
    ``ValidationError`` for a bad port.
    """
    require_operator(by)
    deployment = deployment_of(tenant) or Deployment(tenant=tenant, port=port or next_port(), image=fleet_image())
    known, before = deployment.pk is not None, _wish(deployment)
    if known and deployment.desired != Deployment.Desired.RUNNING and open_rollout() is None:
        # An upgrade that ended meanwhile went without it. One under way still comes to it, and may have been there.
        deployment.image = fleet_image() or deployment.image
    if known and driver is not None and driver != deployment.driver:
        _refuse_second_runtime(deployment, f"--driver {driver}")
    if known and place is not None and deployment.place and place != deployment.place:
        _refuse_second_runtime(deployment, f"--place {place}")
    deployment.port = port or deployment.port
    if driver is not None and driver != deployment.driver:
        deployment.driver, deployment.place = driver, ""
    deployment.place = deployment.place if place is None else place
    deployment.canary = deployment.canary if canary is None else canary
    deployment.desired, deployment.volume_until = Deployment.Desired.RUNNING, None
    if known and before == _wish(deployment):
        return deployment
    if deployment.port in taken_ports(but=tenant):
        raise ConflictError(f"Port {deployment.port} belongs to another tenant's runtime.")
    deployment.full_clean()
    deployment.wish = None  # what somebody decides for one tenant waits for no other
    deployment.save()
    details: JSONObject = {"port": deployment.port, "driver": deployment.driver, "canary": deployment.canary}
    audit.record(
        by=by, verb="deployed", subject=tenant.slug, tenant=tenant, details=details, before=before if known else None,
        after=_wish(deployment),
    )  # fmt: skip
    return deployment


def _refuse_second_runtime(deployment: Deployment, where: str) -> None:
    """One orchestrator does not stop what another one runs, and states do not follow by themselves."""
    runs = deployment.seen in {Deployment.Seen.RUNNING, Deployment.Seen.RESTARTING}
    if deployment.desired == Deployment.Desired.RUNNING or runs:
        slug = deployment.tenant.slug
        raise ConflictError(
            f"{slug} runs on {deployment.driver}, and would run twice. To move it: manage.py fleet stop {slug}, then "
            f"fleet backup {slug}, and once fleet shows it stopped fleet deploy {slug} {where}, fleet stop "
            f"{slug}, fleet restore {slug} and fleet deploy {slug}."
        )


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


def note_seen(*, deployment: Deployment, seen: SeenRuntime, readiness: Readiness, at: datetime) -> bool:
    """Remember what a driver saw. Not audited: nobody decided it.

    Whether it is the same as a minute ago and only the time is left to be written: that of all at once (``note_same``).
    """
    new = (seen.state.value, seen.image, readiness.ready, (seen.reason or readiness.reason)[:_REASON_LENGTH])
    same = new == (deployment.seen, deployment.seen_image, deployment.ready, deployment.reason)
    if same and deployment.seen_at is not None:
        return at - deployment.seen_at >= _SEEN_AGAIN
    if readiness.ready != deployment.ready or deployment.ready_changed_at is None:
        deployment.ready_changed_at = at
    deployment.seen, deployment.seen_image, deployment.ready, deployment.reason = new
    Deployment.objects.for_tenant(deployment.tenant).update(
        seen=new[0],
        seen_image=new[1],
        ready=new[2],
        reason=new[3],
        seen_at=at,
        ready_changed_at=deployment.ready_changed_at,
    )
    return False


def note_same(*, deployments: Sequence[Deployment], at: datetime) -> None:
    """Remember that they were looked at, and were as before."""
    for rows in _in_pieces(deployments):
        rows.update(seen_at=at)


def note_waiting(
    *, deployment: Deployment, seen: SeenRuntime | None, reason: str, comes_on: bool, at: datetime
) -> None:
    """Remember what it waits for. An older one that serves meanwhile is not the one that is wanted, so not ready.

    While that ``comes_on``, the time that a rollout gives it to be ready has not begun.
    """
    since = deployment.ready_changed_at
    if comes_on and not deployment.ready and since is not None and at - since >= _CLOCK_AGAIN:
        deployment.ready_changed_at = at
        Deployment.objects.for_tenant(deployment.tenant).update(ready_changed_at=at)
    seen = replace(seen or SeenRuntime(deployment.tenant.slug, RuntimeState.ABSENT), reason=reason)
    if note_seen(deployment=deployment, seen=seen, readiness=Readiness(ready=False), at=at):
        note_same(deployments=[deployment], at=at)


def note_refused(*, deployments: Sequence[Deployment], reason: str, at: datetime) -> None:
    """Remember why a driver did not do as it was asked; what was seen before may still be true.

    The same again is written once a minute.
    """
    reason, failed = reason[:_REASON_LENGTH], Deployment.Seen.FAILED
    to_write = [
        row
        for row in deployments
        if (row.seen, row.ready, row.reason) != (failed, False, reason)
        or row.seen_at is None
        or at - row.seen_at >= _SEEN_AGAIN
    ]
    for rows in _in_pieces(to_write):
        changed_at = Case(When(ready=True, then=Value(at)), default=F("ready_changed_at"))
        rows.update(seen=failed, seen_at=at, ready=False, reason=reason, ready_changed_at=changed_at)


def _in_pieces(deployments: Sequence[Deployment]) -> Iterator[QuerySet[Deployment]]:
    """So that one statement neither has too many values nor locks too many rows."""
    for some in batched(deployments, _AT_ONCE):
        yield Deployment.objects.across_tenants("what was seen of many").filter(pk__in=[row.pk for row in some])


def take(*, deployments: Sequence[Deployment], place: str) -> list[Deployment]:
    """Those that are ours: ``place`` is written down with whoever had none. Not audited, as ``note_seen``.

    Whoever has no name for its place takes all of them.
    """
    if not place:
        return [*deployments]
    for deployment in deployments:
        if not deployment.place and Deployment.objects.for_tenant(deployment.tenant).filter(place="").update(
            place=place
        ):
            deployment.place = place
    return [deployment for deployment in deployments if deployment.place == place]


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
        "place": deployment.place,
        "canary": deployment.canary,
        "volume_until": None if until is None else until.isoformat(),
    }

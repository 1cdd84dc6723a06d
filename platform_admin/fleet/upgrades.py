"""The verbs of upgrades: begin one, take it one step further, take it up again after somebody looked.

A rollout brings the fleet to another image, or what runs on one driver to what its orchestrator's settings say now.
"""

from __future__ import annotations

import logging
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from platform_admin.errors import ConflictError
from platform_admin.fleet.models import LONGEST_IMAGE, Deployment, Rollout
from platform_admin.fleet.queries import all_deployments, open_rollout
from platform_admin.fleet.rollout import Member, Pace, Step, next_step
from platform_admin.tenants import audit
from platform_admin.tenants.actor import Actor, require_operator

SOAK = timedelta(minutes=1)
"""A runtime that dies of its first turns, reports or a timer does so within a minute; a person waits no longer."""

log = logging.getLogger(__name__)


@transaction.atomic
def upgrade(
    *, image: str, by: Actor, batch: int = 10, patience: timedelta = timedelta(minutes=3), soak: timedelta = SOAK
) -> Rollout:
    """Begin to bring the fleet to ``image``. One that is under way is replaced; asked for the same it goes on."""
    require_operator(by)
    if not image.strip():
        raise ConflictError("Name the image to upgrade to.")
    if len(image) > LONGEST_IMAGE:
        raise ConflictError(f"An image's name has at most {LONGEST_IMAGE} characters.")
    present = open_rollout()
    if present is not None and present.image == image and present.state != Rollout.State.STOPPED:
        return present
    if present is not None:
        present.state, present.finished_at = Rollout.State.REPLACED, timezone.now()
        present.save(update_fields=["state", "finished_at"])
    rollout = Rollout.objects.create(
        image=image, batch=batch, patience_s=int(patience.total_seconds()), soak_s=int(soak.total_seconds())
    )
    audit.record(by=by, verb="began upgrade", subject=image, details={"batch": batch})
    return rollout


@transaction.atomic
def go_on(*, by: Actor) -> Rollout:
    """Take up a stopped rollout: whoever is not ready gets its time once more. Raises ``ConflictError``."""
    require_operator(by)
    rollout = open_rollout()
    if rollout is None or rollout.state != Rollout.State.STOPPED:
        raise ConflictError("No upgrade is stopped.")
    _of(rollout).filter(ready=False).update(ready_changed_at=timezone.now())
    rollout.state, rollout.reason = Rollout.State.ROLLING, ""
    rollout.save(update_fields=["state", "reason"])
    audit.record(by=by, verb="resumed upgrade", subject=rollout.aim)
    return rollout


@transaction.atomic
def take_next_step(*, driver: str, place: str, stale: AbstractSet[str], now: datetime) -> Step | None:
    """One step of the open rollout; None when there is nothing to do.

    ``stale``: tenants on ``driver`` at ``place`` whose runtime was given another wish than the one of now. They move
    with the open rollout, or, where there is none, with one that is begun for them. To another image goes the
    whole fleet, whichever driver it runs on: any orchestrator takes the next step, each brings about what is its own.
    """
    rollout = open_rollout(locked=True) or (_begun(driver, place, now) if stale else None)
    if rollout is None or rollout.state == Rollout.State.STOPPED or not _concerns(rollout, driver, place):
        return None
    running = _running() if rollout.image else _running().filter(driver=driver, place=place)
    members = [_member(deployment, rollout, stale) for deployment in running]
    pace = Pace(rollout.batch, timedelta(seconds=rollout.patience_s), timedelta(seconds=rollout.soak_s))
    step = next_step([member for member in members if member is not None], pace, now=now)
    if step.upgrade:
        chosen = all_deployments().filter(tenant__slug__in=step.upgrade)
        chosen.update(wish=None, image_since=now, ready=False, ready_changed_at=now)
        if rollout.image:
            chosen.update(image=rollout.image)
    rollout.state, rollout.reason = step.state, step.reason
    rollout.finished_at = now if step.state == Rollout.State.DONE else None
    rollout.save(update_fields=["state", "reason", "finished_at"])
    return step


def _concerns(rollout: Rollout, driver: str, place: str) -> bool:
    return bool(rollout.image) or (rollout.driver, rollout.place) == (driver, place)


def _begun(driver: str, place: str, now: datetime) -> Rollout:
    """Not audited: whoever changed the settings of an orchestrator did so outside of the platform."""
    log.info("The settings of %s have changed: its runtimes move to them, canaries first.", driver)
    return Rollout.objects.create(driver=driver, place=place, soak_s=int(SOAK.total_seconds()), created_at=now)


def _running() -> QuerySet[Deployment]:
    return all_deployments().filter(desired=Deployment.Desired.RUNNING)


def _of(rollout: Rollout) -> QuerySet[Deployment]:
    """Who was moved by it."""
    if rollout.image:
        return _running().filter(image=rollout.image)
    return _running().filter(driver=rollout.driver, place=rollout.place, image_since__gte=rollout.created_at)


def _member(deployment: Deployment, rollout: Rollout, stale: AbstractSet[str]) -> Member | None:
    """None for whom the rollout has nothing to do with: it has the settings of now, and had them before."""
    slug, since = deployment.tenant.slug, deployment.image_since
    if not rollout.image and slug not in stale and (since is None or since < rollout.created_at):
        return None
    return Member(
        tenant=slug,
        moved=slug not in stale and (not rollout.image or deployment.image == rollout.image),
        ready=deployment.ready and deployment.seen_image == (deployment.image or deployment.seen_image),
        since=deployment.ready_changed_at,
        canary=deployment.canary,
        reason=deployment.reason,
    )

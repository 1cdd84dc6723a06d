"""The verbs of upgrades: begin one, take it one step further, take it up again after somebody looked."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from platform_admin.errors import ConflictError
from platform_admin.fleet.models import Deployment, Rollout
from platform_admin.fleet.queries import all_deployments, open_rollout
from platform_admin.fleet.rollout import Member, Step, next_step
from platform_admin.tenants import audit
from platform_admin.tenants.actor import Actor, require_operator


@transaction.atomic
def upgrade(*, image: str, by: Actor, batch: int = 10, patience: timedelta = timedelta(minutes=3)) -> Rollout:
    """Begin to bring the fleet to ``image``. One that is under way is replaced; asked for the same it goes on."""
    require_operator(by)
    if not image.strip():
        raise ConflictError("Name the image to upgrade to.")
    present = open_rollout()
    if present is not None and present.image == image and present.state != Rollout.State.STOPPED:
        return present
    if present is not None:
        present.state, present.finished_at = Rollout.State.REPLACED, timezone.now()
        present.save(update_fields=["state", "finished_at"])
    rollout = Rollout.objects.create(image=image, batch=batch, patience_s=int(patience.total_seconds()))
    audit.record(by=by, verb="began upgrade", subject=image, details={"batch": batch})
    return rollout


@transaction.atomic
def go_on(*, by: Actor) -> Rollout:
    """Take up a stopped rollout: whoever is not ready gets its time once more. Raises ``ConflictError``."""
    require_operator(by)
    rollout = open_rollout()
    if rollout is None or rollout.state != Rollout.State.STOPPED:
        raise ConflictError("No upgrade is stopped.")
    all_deployments().filter(image=rollout.image, ready=False).update(image_since=timezone.now())
    rollout.state, rollout.reason = Rollout.State.ROLLING, ""
    rollout.save(update_fields=["state", "reason"])
    audit.record(by=by, verb="resumed upgrade", subject=rollout.image)
    return rollout


@transaction.atomic
def take_next_step(*, driver: str, now: datetime) -> Step | None:
    """One step of the open rollout over what runs on ``driver``; None when there is nothing to do."""
    rollout = open_rollout()
    if rollout is None or rollout.state == Rollout.State.STOPPED:
        return None
    running = all_deployments(driver=driver).filter(desired=Deployment.Desired.RUNNING)
    members = [_member(deployment) for deployment in running]
    patience = timedelta(seconds=rollout.patience_s)
    step = next_step(rollout.image, members, batch=rollout.batch, patience=patience, now=now)
    if step.upgrade:
        chosen = all_deployments(driver=driver).filter(tenant__slug__in=step.upgrade)
        chosen.update(image=rollout.image, image_since=now, ready=False)
    rollout.state, rollout.reason = step.state, step.reason
    rollout.finished_at = now if step.state == Rollout.State.DONE else None
    rollout.save(update_fields=["state", "reason", "finished_at"])
    return step


def _member(deployment: Deployment) -> Member:
    return Member(
        tenant=deployment.tenant.slug,
        image=deployment.image,
        ready=deployment.ready and deployment.seen_image == deployment.image,
        since=deployment.image_since,
        canary=deployment.canary,
        reason=deployment.reason,
    )

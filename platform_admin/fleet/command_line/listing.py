"""What ``manage.py fleet`` shows."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from platform_admin.fleet.models import Deployment
from platform_admin.fleet.queries import all_deployments, open_rollout
from platform_admin.tenants.operator_command import Told

SEEN_EVERY = timedelta(minutes=3)
"""A look is written down once a minute at least (``note_seen``); a pass over a large fleet may take as long."""

EXIT_DIFFERS = 4
"""As of ``doctor``: something is not as it should be."""

_AS_WANTED = {
    Deployment.Desired.RUNNING: {Deployment.Seen.RUNNING},
    Deployment.Desired.STOPPED: {Deployment.Seen.STOPPED, Deployment.Seen.ABSENT},
    Deployment.Desired.REMOVED: {Deployment.Seen.ABSENT},
}


def list_fleet() -> Told:
    """One line a tenant, and the upgrade under way."""
    now = timezone.now()
    deployments = list(all_deployments().order_by("tenant__slug"))
    rollout = open_rollout()
    lines = [_line(deployment, now) for deployment in deployments]
    if rollout is not None:
        reason = f": {rollout.reason}" if rollout.reason else ""
        lines.append(f"upgrade to {rollout.aim} {rollout.get_state_display().lower()}{reason}")
    data = {
        "tenants": [_data(deployment, now) for deployment in deployments],
        "upgrade": rollout and {"image": rollout.image, "state": rollout.state, "reason": rollout.reason},
    }
    differs = any(not (is_as_wanted(deployment) and is_fresh(deployment, now)) for deployment in deployments)
    return Told("\n".join(lines) or "Nothing is deployed yet.", data, EXIT_DIFFERS if differs else 0)


def is_as_wanted(deployment: Deployment) -> bool:
    wanted = Deployment.Desired(deployment.desired)
    seen = Deployment.Seen(deployment.seen) in _AS_WANTED[wanted]
    return seen and (wanted != Deployment.Desired.RUNNING or deployment.ready)


def is_fresh(deployment: Deployment, now: datetime) -> bool:
    """Whether an orchestrator looked lately: what it saw before may be true no more."""
    return deployment.seen_at is not None and now - deployment.seen_at <= SEEN_EVERY


def _line(deployment: Deployment, now: datetime) -> str:
    is_or_was, aged = "is", ""
    if deployment.seen_at is not None and not is_fresh(deployment, now):
        minutes = (now - deployment.seen_at) // timedelta(minutes=1)
        is_or_was, aged = "was", f"  last seen {minutes} min ago: does its orchestrator run?"
    elif deployment.seen_at is None:
        place = f" at {deployment.place}" if deployment.place else ""
        aged = f"  no orchestrator of {deployment.driver}{place} has looked at it yet: does one run?"
    ready = " ready" if deployment.ready else ""
    canary = " canary" if deployment.canary else ""
    place = f" at {deployment.place}" if deployment.place else ""
    tail = f"  {deployment.reason}" if deployment.reason else ""
    return (
        f"{deployment.tenant.slug:<24} wanted {deployment.desired:<8} {is_or_was} {deployment.seen}{ready:<6} "
        f"on {deployment.driver}:{deployment.port}{place} {deployment.seen_image or '–'}{canary}{tail}{aged}"
    )


def _data(deployment: Deployment, now: datetime) -> dict[str, object]:
    return {
        "tenant": deployment.tenant.slug,
        "driver": deployment.driver,
        "place": deployment.place,
        "port": deployment.port,
        "wanted": deployment.desired,
        "seen": deployment.seen,
        "ready": deployment.ready,
        "as_wanted": is_as_wanted(deployment),
        "image": deployment.image,
        "seen_image": deployment.seen_image,
        "canary": deployment.canary,
        "reason": deployment.reason,
        "fresh": is_fresh(deployment, now),
        "seen_at": None if deployment.seen_at is None else deployment.seen_at.isoformat(),
    }

"""Whom an upgrade keeps an eye on: who was moved and became ready is asked again, since it may not stay so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from platform_admin.fleet.models import Deployment, Rollout

ASKED_A_PASS: Final = 20
"""Besides canaries. A question to a container takes some 100 ms, and a pass should not take much longer for it."""


def watched_now(deployments: Sequence[Deployment], rollout: Rollout | None, *, turn: int) -> frozenset[str]:
    """Who is to be asked in this pass although it was ready: every canary that moved, and the others by turns."""
    if rollout is None or rollout.state == Rollout.State.STOPPED:
        return frozenset()
    moved = [deployment for deployment in deployments if _moved(deployment, rollout)]
    others = [deployment for deployment in moved if not deployment.canary]
    parts = -(-len(others) // ASKED_A_PASS) or 1
    asked = [deployment for deployment in moved if deployment.canary] + others[turn % parts :: parts]
    return frozenset(deployment.tenant.slug for deployment in asked)


def _moved(deployment: Deployment, rollout: Rollout) -> bool:
    if rollout.image:
        return deployment.image == rollout.image
    return deployment.image_since is not None and deployment.image_since >= rollout.created_at

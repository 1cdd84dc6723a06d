"""How the fleet comes to another version: canaries first, then batch by batch, and no further than what is ready.

Pure: the facts go in, the next step comes out. Whoever is killed between two steps goes on where the facts are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from platform_admin.fleet.models import Rollout


@dataclass(frozen=True, slots=True)
class Member:
    """One runtime of the fleet. ``ready`` counts only under the image that is wanted for it, since ``since``."""

    tenant: str
    image: str
    ready: bool
    since: datetime | None = None
    canary: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """``upgrade`` are the tenants to give the image to now."""

    state: Rollout.State
    upgrade: tuple[str, ...] = ()
    reason: str = ""


def next_step(image: str, members: Sequence[Member], *, batch: int, patience: timedelta, now: datetime) -> Step:
    """What to do now. Nobody is upgraded while anyone who was is not ready; past ``patience`` a person has to look."""
    waiting = [member for member in members if member.image == image and not member.ready]
    if waiting:
        overdue = [member for member in waiting if member.since is not None and now - member.since >= patience]
        told = _told(overdue or waiting)
        if overdue:
            return Step(Rollout.State.STOPPED, reason=f"Not ready after {patience.total_seconds():.0f} s: {told}")
        return Step(Rollout.State.PAUSED, reason=f"Waits until it is ready: {told}")
    pending = [member for member in members if member.image != image]
    if not pending:
        return Step(Rollout.State.DONE)
    first = [member for member in pending if member.canary] or pending
    return Step(Rollout.State.ROLLING, upgrade=tuple(member.tenant for member in first[:batch]))


def _told(members: Sequence[Member]) -> str:
    first = members[0]
    others = f" and {len(members) - 1} more" if len(members) > 1 else ""
    return f"{first.tenant}{f' ({first.reason})' if first.reason else ''}{others}"

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
    """One runtime of the fleet. ``moved``: it was given the new version.

    ``ready`` counts only under the version that is wanted for it; ``since``: when it last changed, ``None``: long ago.
    """

    tenant: str
    moved: bool
    ready: bool
    since: datetime | None = None
    canary: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a rollout goes: ``batch`` runtimes at a time.

    ``patience``: until one that is not ready stops it. ``soak``: how long canaries (without any, the first batch) stay
    ready before the others go.
    """

    batch: int
    patience: timedelta
    soak: timedelta


@dataclass(frozen=True, slots=True)
class Step:
    """``upgrade`` are the tenants to give the new version to now."""

    state: Rollout.State
    upgrade: tuple[str, ...] = ()
    reason: str = ""


def next_step(members: Sequence[Member], pace: Pace, *, now: datetime) -> Step:
    """What to do now. Nobody moves while anyone who did is not ready; past ``patience`` a person has to look."""
    moved = [member for member in members if member.moved]
    waiting = [member for member in moved if not member.ready]
    if waiting:
        overdue = [member for member in waiting if member.since is not None and now - member.since >= pace.patience]
        told = _told(overdue or waiting)
        if overdue:
            return Step(Rollout.State.STOPPED, reason=f"Not ready after {pace.patience.total_seconds():.0f} s: {told}")
        return Step(Rollout.State.PAUSED, reason=f"Waits until it is ready: {told}")
    pending = [member for member in members if not member.moved]
    if not pending:
        return Step(Rollout.State.DONE)
    soaking = [member for member in _scouts(members, pace.batch) if _soaks(member, pace.soak, now)]
    if soaking:
        seconds = pace.soak.total_seconds()
        return Step(
            Rollout.State.PAUSED, reason=f"Watches for {seconds:.0f} s whether it stays ready: {_told(soaking)}"
        )
    first = [member for member in pending if member.canary] or pending
    return Step(Rollout.State.ROLLING, upgrade=tuple(member.tenant for member in first[: pace.batch]))


def _scouts(members: Sequence[Member], batch: int) -> list[Member]:
    """Who shows what the new version is like: canaries that moved; where there are none, the first batch."""
    moved = [member for member in members if member.moved]
    if any(member.canary for member in members):
        return [member for member in moved if member.canary]
    return moved if len(moved) <= batch else []


def _soaks(member: Member, soak: timedelta, now: datetime) -> bool:
    return member.since is not None and now - member.since < soak


def _told(members: Sequence[Member]) -> str:
    first = members[0]
    others = f" and {len(members) - 1} more" if len(members) > 1 else ""
    return f"{first.tenant}{f' ({first.reason})' if first.reason else ''}{others}"

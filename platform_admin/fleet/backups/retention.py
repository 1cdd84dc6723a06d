"""Which copies are kept: all of two days, then one a day for a fortnight, then one a week up to a limit. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from platform_admin.fleet.backups.store import CopyName

ALL = timedelta(days=2)
DAILY = timedelta(days=14)
OLDEST = timedelta(days=30)
"""No longer than the control plane can say who was erased meanwhile (docs/operations.md, What is kept how long)."""


def superfluous(copies: Sequence[CopyName], *, now: datetime) -> tuple[CopyName, ...]:
    """Those to delete. The newest is always kept, however old it is."""
    if not copies:
        return ()
    newest = max(copies)
    kept = {newest}
    of_period: dict[tuple[str, object], CopyName] = {}
    for copy in sorted(copies):
        age = now - copy.at
        if age <= ALL:
            kept.add(copy)
        elif age <= DAILY:
            of_period["day", copy.at.date()] = copy  # the last of the day stays
        elif age <= OLDEST:
            of_period["week", copy.at.isocalendar()[:2]] = copy
    kept |= set(of_period.values())
    return tuple(copy for copy in sorted(copies) if copy not in kept)

"""Which copies are kept: all of two days, then one a day for a fortnight, then one a week up to a limit. Pure.

The limit is the owner's (``copies_days``) and holds for the newest as well: a copy has in it whoever was erased since.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from flow_engine.bundle.retention import LONGEST_COPIES_DAYS
from platform_admin.fleet.backups.store import CopyName

ALL = timedelta(days=2)
DAILY = timedelta(days=14)
OLDEST = timedelta(days=LONGEST_COPIES_DAYS)
"""For whoever chose nothing."""


def past(copies: Sequence[CopyName], *, now: datetime, kept: timedelta) -> tuple[CopyName, ...]:
    """Those that are older than ``kept``."""
    return tuple(copy for copy in sorted(copies) if now - copy.at > kept)


def superfluous(copies: Sequence[CopyName], *, now: datetime, oldest: timedelta = OLDEST) -> tuple[CopyName, ...]:
    """Those to delete: past ``oldest``, and of those within what a younger one stands for. Never the last within it."""
    kept: set[CopyName] = set()
    of_period: dict[tuple[str, object], CopyName] = {}
    for copy in sorted(copies):
        age = now - copy.at
        if age > oldest:
            continue
        if age <= ALL:
            kept.add(copy)
        elif age <= DAILY:
            of_period["day", copy.at.date()] = copy  # the last of the day stays
        else:
            of_period["week", copy.at.isocalendar()[:2]] = copy
    kept |= set(of_period.values())
    return tuple(copy for copy in sorted(copies) if copy not in kept)

"""Moving a moment out of the hours in which nobody is written to. Pure; wall time is the tenant's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

from flow_engine.program.actions.schedule_task import QuietHours


def outside(quiet: QuietHours, moment: datetime, zone: tzinfo, *, earlier: bool) -> datetime:
    """``moment`` where it is not quiet; else the end of these quiet hours, or (``earlier``) their beginning.

    Both are in UTC. Hours that daylight saving skips or repeats belong to the night they are in.
    """
    local = moment.astimezone(zone)
    started = datetime.combine(local.date(), quiet.start, zone)
    if quiet.start >= quiet.end and local.time() < quiet.end:
        started = datetime.combine(local.date() - timedelta(days=1), quiet.start, zone)
    ends_on = started.date() + timedelta(days=quiet.start >= quiet.end)
    ended = datetime.combine(ends_on, quiet.end, zone)
    # Compared in UTC: two times of one zone are compared by their wall clocks, which an hour that comes twice confuses.
    begun_at, ended_at = started.astimezone(UTC), ended.astimezone(UTC)
    if not begun_at <= moment < ended_at:
        return moment
    return begun_at if earlier else ended_at

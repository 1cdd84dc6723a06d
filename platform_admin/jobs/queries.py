"""What is asked about the worker."""

from __future__ import annotations

from datetime import datetime

from platform_admin.jobs.models import Job, WorkerLease


def leader(*, now: datetime) -> WorkerLease | None:
    """The lease of the worker that leads now."""
    return WorkerLease.objects.filter(until__gte=now).first()


def failed_jobs() -> list[Job]:
    """Jobs that were given up."""
    return list(Job.objects.filter(state=Job.State.FAILED))

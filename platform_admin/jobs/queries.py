"""What is asked about the worker."""

from __future__ import annotations

from datetime import datetime

from platform_admin.jobs.models import Job, WorkerLease


def leader(*, now: datetime) -> WorkerLease | None:
    """The lease of the worker that leads now."""
    return WorkerLease.objects.filter(until__gte=now).first()


def due_jobs(*, now: datetime) -> list[Job]:
    """What waits and is due. Recurring jobs are put in by the worker itself, just before it does them."""
    return list(Job.objects.filter(state=Job.State.WAITING, due_at__lte=now).order_by("due_at", "pk"))


def failed_jobs() -> list[Job]:
    """Jobs that were given up."""
    return list(Job.objects.filter(state=Job.State.FAILED))

"""The queue's verbs. Every one of them may be repeated."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q

from flow_engine.vocabulary import JSONObject
from platform_admin.jobs.models import Job, WorkerLease

LEASE: Final = timedelta(seconds=60)
"""A worker that was killed is replaced after a minute; one that lives renews every few seconds."""

STALLED: Final = timedelta(minutes=15)
"""No job takes this long; one that is still running belongs to a worker that is gone."""

MOST_ATTEMPTS: Final = 5
_FIRST_PAUSE_S: Final = 30
_LONGEST_TOLD: Final = 500
_LEADER: Final = "leader"


def enqueue(*, kind: str, key: str, due_at: datetime, payload: JSONObject | None = None) -> None:
    """Once per ``kind`` and ``key``, whoever asks how often."""
    Job.objects.bulk_create([Job(kind=kind, key=key, due_at=due_at, payload=payload or {})], ignore_conflicts=True)


@transaction.atomic
def lead(*, holder: str, now: datetime) -> bool:
    """Whether ``holder`` leads from now on for ``LEASE``; renews it when it does already."""
    WorkerLease.objects.bulk_create(
        [WorkerLease(name=_LEADER, holder=holder, until=now + LEASE)], ignore_conflicts=True
    )
    mine = Q(holder=holder) | Q(until__lt=now)
    taken = WorkerLease.objects.filter(mine, name=_LEADER).update(holder=holder, until=now + LEASE)
    return taken == 1


def step_down(*, holder: str, now: datetime) -> None:
    """Let the next one lead at once."""
    WorkerLease.objects.filter(name=_LEADER, holder=holder).update(until=now - LEASE)


@transaction.atomic
def claim(*, now: datetime) -> Job | None:
    """The next due job, its attempt counted before it is begun. One that a dead worker left behind is due again."""
    due = Q(state=Job.State.WAITING, due_at__lte=now)
    left_behind = Q(state=Job.State.RUNNING, started_at__lt=now - STALLED)
    job = Job.objects.select_for_update(skip_locked=True).filter(due | left_behind).order_by("due_at", "pk").first()
    if job is None:
        return None
    job.state, job.started_at, job.attempts = Job.State.RUNNING, now, job.attempts + 1
    job.save(update_fields=["state", "started_at", "attempts"])
    return job


def finish(*, job: Job, told: str, now: datetime) -> None:
    Job.objects.filter(pk=job.pk).update(state=Job.State.DONE, finished_at=now, told=told[:_LONGEST_TOLD], payload={})


def fail(*, job: Job, reason: str, now: datetime) -> None:
    """Again after a pause that doubles; after five attempts it is left for people to see."""
    if job.attempts >= MOST_ATTEMPTS:
        Job.objects.filter(pk=job.pk).update(state=Job.State.FAILED, finished_at=now, told=reason[:_LONGEST_TOLD])
        return
    pause = timedelta(seconds=_FIRST_PAUSE_S * 2 ** (job.attempts - 1))
    Job.objects.filter(pk=job.pk).update(state=Job.State.WAITING, due_at=now + pause, told=reason[:_LONGEST_TOLD])


def again(*, job: Job, now: datetime) -> None:
    """A failed job gets its attempts anew."""
    Job.objects.filter(pk=job.pk, state=Job.State.FAILED).update(state=Job.State.WAITING, due_at=now, attempts=0)

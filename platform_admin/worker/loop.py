"""The worker's loop: lead, put in what the clock asks for, do what is due. Time is handed in."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from platform_admin.jobs.actions import claim, enqueue, fail, finish, lead
from platform_admin.jobs.models import Job
from platform_admin.worker.registry import JobKind

log = logging.getLogger(__name__)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Stepped:
    """Whether this worker leads, and how many jobs it did."""

    leads: bool
    done: int = 0
    failed: int = 0


class Worker:
    """``holder`` tells this process from any other. Any number may run; one of them leads and works."""

    def __init__(self, kinds: Sequence[JobKind], *, holder: str, now: Callable[[], datetime]) -> None:
        self._kinds = {kind.name: kind for kind in kinds}
        self._holder = holder
        self._now = now

    def step(self, *, stopping: Callable[[], bool] = lambda: False) -> Stepped:
        """Everything that is due now. A job that fails stops no other."""
        if not lead(holder=self._holder, now=self._now()):
            return Stepped(leads=False)
        self._follow_the_clock()
        done = failed = 0
        while not stopping() and (job := claim(now=self._now())) is not None:
            if self._do(job):
                done += 1
            else:
                failed += 1
            if not lead(holder=self._holder, now=self._now()):
                return Stepped(leads=False, done=done, failed=failed)
        return Stepped(leads=True, done=done, failed=failed)

    def _follow_the_clock(self) -> None:
        """One job for the present slot of each recurring kind; slots that nobody was there for are left out."""
        now = self._now()
        for kind in self._kinds.values():
            if kind.every is not None:
                slot = _EPOCH + (now - _EPOCH) // kind.every * kind.every
                enqueue(kind=kind.name, key=slot.isoformat(), due_at=slot)

    def _do(self, job: Job) -> bool:
        kind = self._kinds.get(job.kind)
        if kind is None:
            fail(job=job, reason="This worker does not know such a job.", now=self._now())
            return False
        try:
            told = kind.run(job.payload, self._now())
        except Exception as error:
            log.exception("the job %s failed", job)
            fail(job=job, reason=f"{type(error).__name__}: {error}", now=self._now())
            return False
        finish(job=job, told=told, now=self._now())
        return True


def next_pause(stepped: Stepped) -> timedelta:
    """How long to wait before the next step. Who does not lead looks whether the leader is gone."""
    return timedelta(seconds=5) if stepped.leads else timedelta(seconds=15)

"""``RowsJobStore``: the rows of scheduled work, shown to APScheduler as one job.

APScheduler writes to its store once per due job, synchronously on the event loop, and takes a job out
before it has run. Both are wrong here (docs/adr/0005-one-writer-group-commit.md). So the store shows a
single job, "fire what is due", whose run time is the earliest due time of all rows. It holds that
time in memory, does no I/O, and cannot fail.
"""

from __future__ import annotations

from datetime import datetime

from apscheduler.job import Job
from apscheduler.jobstores.base import BaseJobStore
from apscheduler.triggers.base import BaseTrigger


class EarliestDue(BaseTrigger):  # type: ignore[misc]  # APScheduler 3 ships no types
    """Runs when the rows say so; knows no times of its own."""

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> None:
        return None


class RowsJobStore(BaseJobStore):  # type: ignore[misc]  # APScheduler 3 ships no types
    """One job, due at ``due_at``; ``None`` while nothing is scheduled or firing is under way."""

    def __init__(self) -> None:
        super().__init__()
        self.due_at: datetime | None = None
        self._job: Job | None = None

    def add_job(self, job: Job) -> None:
        self._job = job

    def get_due_jobs(self, now: datetime) -> list[Job]:
        if self._job is None or self.due_at is None or self.due_at > now:
            return []
        self._job.next_run_time = self.due_at
        return [self._job]

    def get_next_run_time(self) -> datetime | None:
        return self.due_at

    def update_job(self, job: Job) -> None:
        """The rows know when it runs next."""

    def remove_job(self, job_id: str) -> None:
        """APScheduler's "it ran": the job stays, unarmed until the rows are read again."""
        self.due_at = None

    def remove_all_jobs(self) -> None:
        self.due_at = None

    def lookup_job(self, job_id: str) -> Job | None:
        return self._job if self._job is not None and self._job.id == job_id else None

    def get_all_jobs(self) -> list[Job]:
        return [self._job] if self._job is not None else []

"""A worker leads, and no job has failed for good."""

from __future__ import annotations

from datetime import datetime

from platform_admin.doctor.finding import Finding, bad, good, look
from platform_admin.jobs.queries import failed_jobs, leader


def worker(now: datetime) -> Finding:
    leading = leader(now=now)
    if leading is None:
        return bad("No worker runs: nobody watches, tells, or forgets.", "Start manage.py run_worker as a service.")
    failed = failed_jobs()
    if failed:
        kinds = ", ".join(sorted({job.kind for job in failed}))
        return look(f"{len(failed)} jobs failed for good: {kinds}.", "Look at them in the admin under Jobs.")
    return good(f"{leading.holder} leads.")

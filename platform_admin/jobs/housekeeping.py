"""Done jobs are forgotten; failed ones stay until somebody looked."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from platform_admin.jobs.models import Job

DONE_KEPT: Final = timedelta(days=2)
FAILED_KEPT: Final = timedelta(days=60)


def forget_done(*, now: datetime) -> int:
    done, _ = Job.objects.filter(state=Job.State.DONE, finished_at__lt=now - DONE_KEPT).delete()
    failed, _ = Job.objects.filter(state=Job.State.FAILED, finished_at__lt=now - FAILED_KEPT).delete()
    return done + failed

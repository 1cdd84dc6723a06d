"""Scheduled tasks: a report names all that matter now, so what it does not name is gone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q

from platform_admin.observability.models import ScheduledTask
from platform_admin.observability.report_document import TaskSeen
from platform_admin.tenants.models import Tenant

MISSED_SHOWN: Final = timedelta(days=7)
"""A missed task is looked into within the week, or never."""

SCHEDULED: Final = "scheduled"
MISSED: Final = "missed"


def replace_tasks(*, tenant: Tenant, tasks: Sequence[TaskSeen], now: datetime) -> None:
    """Usually nothing changed since the last report; then nothing is written."""
    rows = ScheduledTask.objects.for_tenant(tenant)
    known = {row.task_id: row for row in rows}
    seen = {task.id: task for task in tasks}
    gone = [
        row.pk
        for row in known.values()
        if row.task_id not in seen and (row.state != MISSED or row.due_at < now - MISSED_SHOWN)
    ]
    if gone:
        rows.filter(Q(pk__in=gone)).delete()
    changed = [task for task in seen.values() if not _same(known.get(task.id), task)]
    ScheduledTask.objects.bulk_create(
        (
            ScheduledTask(
                tenant=tenant,
                task_id=task.id,
                task=task.task,
                contact=task.contact,
                channel=task.channel,
                due_at=task.due_at,
                state=task.state,
            )
            for task in changed
        ),
        update_conflicts=True,
        unique_fields=["tenant", "task_id"],
        update_fields=["task", "contact", "channel", "due_at", "state"],
    )


def _same(row: ScheduledTask | None, task: TaskSeen) -> bool:
    return row is not None and (row.task, row.contact, row.due_at, row.state) == (
        task.task, task.contact, task.due_at, task.state
    )  # fmt: skip

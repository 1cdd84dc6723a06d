"""Whether a due task comes too late to run."""

from __future__ import annotations

from datetime import datetime, timedelta

from runtime.ports.conversation_store import HOWEVER_LATE, PlannedTask


def is_late(task: PlannedTask, now: datetime, grace: timedelta) -> bool:
    """Beyond its own grace, or ``grace`` where it has none. What is not a task of the flow is never too late."""
    own = grace if task.grace_s is None else timedelta(seconds=task.grace_s)
    return now - task.due_at > own and task.task not in HOWEVER_LATE

"""Scheduled work in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from runtime.ports.conversation_store import BURST_TASK, PlannedTask
from runtime.ports.inbox_store import ContactKey, DueTask
from runtime.ports.task_store import Asked, Fired, NextDue, RunNow, TaskStore
from runtime.store.in_memory.inbox import enter
from runtime.store.in_memory.tables import Tables, TaskRow
from runtime.store.in_memory.task_rows import cancel, plan
from runtime.store.lateness import is_late


class InMemoryTaskStore(TaskStore):
    """See ``TaskStore``."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def next_due(self) -> datetime | None:
        return min((row.task.due_at for row in self._tables.tasks.values() if row.state == "scheduled"), default=None)

    async def fire_due(self, *, now: datetime, grace: timedelta, next_due: NextDue, limit: int) -> Fired:
        due = [
            (contact, row)
            for (contact, _), row in self._tables.tasks.items()
            if row.state == "scheduled" and row.task.due_at <= now
        ]
        due.sort(key=lambda item: (item[1].task.due_at, item[1].seq))
        fired = missed = 0
        contacts = set()
        for contact, row in due[:limit]:
            task = row.task
            late = is_late(task, now, grace)
            if not late:
                contacts.add(contact)
            if not late and task.task != BURST_TASK:
                event = DueTask(task.task, task.idempotency_key, task.due_at, task.data)
                enter(self._tables, contact, row.profile, event, now)
            fired, missed = fired + (not late), missed + late
            row.missed_count += late
            again = next_due(task, now)
            row.state = "scheduled" if again else "missed" if late else "fired"
            row.task = replace(task, due_at=again or task.due_at)
        return Fired(fired, missed, frozenset(contacts))

    async def run_now(self, task_id: str, *, run_at: datetime, at: datetime, command_id: str | None = None) -> Asked:
        found = self._by_id(task_id)
        if found is None:
            return Asked(RunNow.UNKNOWN)
        contact, row = found
        if row.state != "scheduled":
            return Asked(RunNow.ALREADY_DONE)
        task, recurring = row.task, row.task.cron is not None or row.task.interval_seconds is not None
        due_at = run_at if recurring else task.due_at
        enter(self._tables, contact, row.profile, DueTask(task.task, task.idempotency_key, due_at, task.data), at)
        row.state = "scheduled" if recurring else "fired"
        return Asked(RunNow.ACCEPTED, contact)

    async def cancel(self, task_id: str, *, at: datetime, command_id: str | None = None) -> Asked:
        found = self._by_id(task_id)
        if found is None:
            return Asked(RunNow.UNKNOWN)
        contact, row = found
        if row.state != "scheduled":
            return Asked(RunNow.ALREADY_DONE)
        row.state = "cancelled"
        return Asked(RunNow.ACCEPTED, contact)

    def _by_id(self, task_id: str) -> tuple[ContactKey, TaskRow] | None:
        rows = self._tables.tasks.items()
        return next(((contact, row) for (contact, _), row in rows if str(row.seq) == task_id), None)

    async def replace_standing(
        self, contact: ContactKey, profile: str, tasks: Sequence[PlannedTask], *, at: datetime
    ) -> None:
        present = {
            key: row.task
            for (owner, key), row in self._tables.tasks.items()
            if owner == contact and row.state == "scheduled"
        }
        wanted = {task.idempotency_key: task for task in tasks}
        cancel(self._tables, contact, present.keys() - wanted.keys())
        changed = [task for key, task in wanted.items() if key not in present or _plan(present[key]) != _plan(task)]
        plan(self._tables, contact, profile, changed)


def _plan(task: PlannedTask) -> tuple[str, str | None, int | None, str]:
    """What makes a standing schedule the same one."""
    return (task.task, task.cron, task.interval_seconds, task.timezone)

"""Adding and cancelling scheduled work in memory."""

from __future__ import annotations

from collections.abc import Iterable

from runtime.ports.conversation_store import PlannedTask
from runtime.ports.inbox_store import ContactKey
from runtime.store.in_memory.tables import Tables, TaskRow


def plan(tables: Tables, contact: ContactKey, profile: str, tasks: Iterable[PlannedTask]) -> None:
    """Add or replace."""
    for task in tasks:
        key = (contact, task.idempotency_key)
        known = tables.tasks.get(key)
        if known is None:
            tables.tasks[key] = TaskRow(tables.next_seq(), profile, task)
        else:
            known.profile, known.task, known.state = profile, task, "scheduled"


def cancel(tables: Tables, contact: ContactKey, keys: Iterable[str]) -> None:
    """Cancel by key; unknown keys are no error."""
    for key in keys:
        row = tables.tasks.get((contact, key))
        if row is not None and row.state == "scheduled":
            row.state = "cancelled"

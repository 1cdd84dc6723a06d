"""A task that came due while nobody could run it: counted and told, inside the transaction that gives it up."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from typing import Final

from flow_engine.vocabulary import JSONObject
from runtime.ports.conversation_store import PlannedTask
from runtime.ports.inbox_store import ContactKey
from runtime.ports.telemetry_store import Entry, EntryKind
from runtime.store.event_codec import encode_json
from runtime.store.instants import to_micros
from runtime.store.sqlite.telemetry import COUNT, add_entries, entry_row

MISSED: Final = "missed_tasks"


def note_missed(connection: sqlite3.Connection, contact: ContactKey, task: PlannedTask, now: datetime) -> None:
    """For the next report: one more missed task, and which one, without a word of whom it was for."""
    hour = now.replace(minute=0, second=0, microsecond=0)
    connection.execute(COUNT, (MISSED, encode_json({"task": task.task}), to_micros(hour), 1))
    late_s = round((now - task.due_at).total_seconds())
    body: JSONObject = {
        "id": f"missed:{task.task}:{to_micros(task.due_at)}",
        "kind": "task_missed",
        "at": now.isoformat(),
        "detail": f"The task {task.task} was due at {task.due_at.isoformat()} and is {late_s} s late.",
    }
    add_entries(connection, [entry_row(Entry(EntryKind.NOTICE, body, now, contact))])

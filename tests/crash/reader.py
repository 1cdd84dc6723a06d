"""Somebody who is not the runtime looks into a copy of the state file."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class InboxRow:
    """Of a task (``is_task`` is 1) ``message_id`` is its key."""

    message_id: str
    phone: str
    state: str
    attempts: int
    steps: int
    error: str | None
    is_task: int = 0


@dataclass(frozen=True, slots=True)
class OutboxRow:
    id: str
    phone: str
    body: str
    state: str
    taken_at: int | None


@dataclass(frozen=True, slots=True)
class TaskRow:
    key: str
    state: str
    fired: int


@dataclass(frozen=True, slots=True)
class StateFile:
    """Rows in the order of their numbers. ``reported``: our id → when the first delivery report was stored, in µs."""

    integrity: str
    inbox: tuple[InboxRow, ...]
    outbox: tuple[OutboxRow, ...]
    reported: Mapping[str, int] = field(default_factory=dict)
    tasks: tuple[TaskRow, ...] = ()

    @property
    def messages(self) -> tuple[InboxRow, ...]:
        """The rows of the inbox that somebody wrote."""
        return tuple(row for row in self.inbox if not row.is_task)


def open_rows(state_file: Path) -> int:
    """How much is under way in the file of a runtime that lives: a reader beside it, as SQLite allows."""
    connection = sqlite3.connect(f"{state_file.absolute().as_uri()}?mode=ro", uri=True)
    try:
        counted = connection.execute(
            "SELECT (SELECT count(*) FROM inbox WHERE state IN ('pending', 'claimed'))"
            " + (SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending', 'unknown'))"
            " + (SELECT count(*) FROM scheduled_task WHERE state = 'scheduled' AND task = 'reminder')"
        ).fetchone()
        return int(counted[0])
    finally:
        connection.close()


def read_copy(state_file: Path) -> StateFile:
    """Copy the file with its log, as a crash left them, and read the copy: the original is not even opened."""
    with tempfile.TemporaryDirectory(prefix="frontdesk-crash-") as folder:
        for path in state_file.parent.glob(f"{state_file.name}*"):
            if not path.name.endswith((".lock", "-shm")):
                shutil.copy(path, folder)
        connection = sqlite3.connect(Path(folder) / state_file.name)
        try:
            return _read(connection)
        finally:
            connection.close()


def _read(connection: sqlite3.Connection) -> StateFile:
    integrity = connection.execute("PRAGMA quick_check").fetchone()[0]
    foreign = connection.execute("PRAGMA foreign_key_check").fetchall()
    inbox = connection.execute(
        "SELECT iif(kind = 'task', json_extract(event, '$.idempotency_key'), message_id), contact_id, state, attempts,"
        " steps, error, kind = 'task' FROM inbox"
        " WHERE kind = 'message' OR json_extract(event, '$.task') = 'reminder' ORDER BY seq"
    ).fetchall()
    outbox = connection.execute(
        "SELECT id, contact_id, json_extract(output, '$.body'), state, taken_at FROM outbox ORDER BY seq"
    ).fetchall()
    reported = connection.execute(
        "SELECT our_id, min(received_at) FROM delivery_status WHERE our_id IS NOT NULL GROUP BY our_id"
    ).fetchall()
    tasks = connection.execute(
        "SELECT idempotency_key, state, fired_count FROM scheduled_task WHERE task = 'reminder' ORDER BY seq"
    ).fetchall()
    return StateFile(
        integrity if not foreign else f"foreign keys: {foreign}",
        tuple(InboxRow(*row) for row in inbox),
        tuple(OutboxRow(*row) for row in outbox),
        dict(reported),
        tuple(TaskRow(*row) for row in tasks),
    )

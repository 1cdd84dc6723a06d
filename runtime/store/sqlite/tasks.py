"""The table of scheduled work."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from runtime.ports.conversation_store import BURST_TASK, PlannedTask
from runtime.ports.inbox_store import ContactKey, DueTask
from runtime.ports.task_store import Asked, Fired, NextDue, RunNow, TaskStore
from runtime.store.event_codec import TASK, encode_due_task
from runtime.store.instants import from_micros, to_micros
from runtime.store.lateness import is_late
from runtime.store.sqlite.command_mark import is_carried_out, mark_carried_out
from runtime.store.sqlite.inbox import INSERT as INSERT_INBOX
from runtime.store.sqlite.missed_tasks import note_missed
from runtime.store.sqlite.reader import Reader, Row
from runtime.store.sqlite.task_rows import cancel_tasks, plan_tasks
from runtime.store.sqlite.writer import Writer
from runtime.store.task_identity import event_id

_DUE = """
    SELECT seq, channel_id, contact_id, profile, idempotency_key, task, data, cron, interval_seconds, timezone, due_at,
           grace_seconds
    FROM scheduled_task WHERE state = 'scheduled' AND due_at <= ? ORDER BY due_at, seq LIMIT ?
"""

# Timers and burst windows are no tasks of the flow: nobody names them.
_BY_ID = """
    SELECT seq, channel_id, contact_id, profile, idempotency_key, task, data, cron, interval_seconds, timezone, due_at,
           grace_seconds, state
    FROM scheduled_task WHERE seq = ? AND task NOT GLOB '@*'
"""

_HANDLED = """
    UPDATE scheduled_task SET state = ?, due_at = ?, fired_count = fired_count + ?, missed_count = missed_count + ?,
        updated_at = ?
    WHERE seq = ?
"""

_STANDING = """
    SELECT idempotency_key, task, cron, interval_seconds, timezone FROM scheduled_task
    WHERE channel_id = ? AND contact_id = ? AND state = 'scheduled'
"""


class SQLiteTaskStore(TaskStore):
    """See ``TaskStore``."""

    def __init__(self, writer: Writer, reader: Reader) -> None:
        self._writer = writer
        self._reader = reader

    async def next_due(self) -> datetime | None:
        found = self._reader.row("SELECT min(due_at) FROM scheduled_task WHERE state = 'scheduled'")
        return None if found is None or found[0] is None else from_micros(found[0])

    async def fire_due(self, *, now: datetime, grace: timedelta, next_due: NextDue, limit: int) -> Fired:
        def work(connection: sqlite3.Connection) -> Fired:
            fired = missed = 0
            contacts = set()
            for row in connection.execute(_DUE, (to_micros(now), limit)).fetchall():
                seq, contact, profile, task, data = row[0], ContactKey(row[1], row[2]), row[3], _planned(row), row[6]
                late = is_late(task, now, grace)
                if late:
                    note_missed(connection, contact, task, now)
                else:
                    _enter_inbox(connection, contact, profile, task, data, to_micros(now))
                    contacts.add(contact)
                fired, missed = fired + (not late), missed + late
                again = next_due(task, now)
                state = "scheduled" if again else "missed" if late else "fired"
                due_at = to_micros(again or task.due_at)
                connection.execute(_HANDLED, (state, due_at, not late, late, to_micros(now), seq))
            return Fired(fired, missed, frozenset(contacts))

        return await self._writer.write(work)

    async def run_now(self, task_id: str, *, run_at: datetime, at: datetime, command_id: str | None = None) -> Asked:
        def work(connection: sqlite3.Connection) -> Asked:
            if is_carried_out(connection, command_id):
                return Asked(RunNow.ACCEPTED)
            row = connection.execute(_BY_ID, (task_id,)).fetchone()
            if row is None or row[-1] != "scheduled":
                return Asked(RunNow.UNKNOWN if row is None else RunNow.ALREADY_DONE)
            contact, task = ContactKey(row[1], row[2]), _planned(row[:-1])
            recurring = task.cron is not None or task.interval_seconds is not None
            run = replace(task, due_at=run_at) if recurring else task
            _enter_inbox(connection, contact, row[3], run, row[6], to_micros(at))
            state = "scheduled" if recurring else "fired"
            connection.execute(_HANDLED, (state, to_micros(task.due_at), 1, 0, to_micros(at), row[0]))
            mark_carried_out(connection, command_id)
            return Asked(RunNow.ACCEPTED, contact)

        return await self._writer.write(work)

    async def cancel(self, task_id: str, *, at: datetime, command_id: str | None = None) -> Asked:
        def work(connection: sqlite3.Connection) -> Asked:
            if is_carried_out(connection, command_id):
                return Asked(RunNow.ACCEPTED)
            row = connection.execute(_BY_ID, (task_id,)).fetchone()
            if row is None or row[-1] != "scheduled":
                return Asked(RunNow.UNKNOWN if row is None else RunNow.ALREADY_DONE)
            contact = ContactKey(row[1], row[2])
            cancel_tasks(connection, contact, [row[4]], to_micros(at))
            mark_carried_out(connection, command_id)
            return Asked(RunNow.ACCEPTED, contact)

        return await self._writer.write(work)

    async def replace_standing(
        self, contact: ContactKey, profile: str, tasks: Sequence[PlannedTask], *, at: datetime
    ) -> None:
        def work(connection: sqlite3.Connection) -> None:
            found = connection.execute(_STANDING, (contact.channel_id, contact.contact_id)).fetchall()
            unchanged = {tuple(row) for row in found}
            wanted = {
                (task.idempotency_key, task.task, task.cron, task.interval_seconds, task.timezone): task
                for task in tasks
            }
            kept_keys = {task.idempotency_key for task in tasks}
            cancel_tasks(connection, contact, [row[0] for row in found if row[0] not in kept_keys], to_micros(at))
            changed = [task for plan, task in wanted.items() if plan not in unchanged]
            plan_tasks(connection, contact, profile, changed, to_micros(at))

        await self._writer.write(work)


def _planned(row: Row) -> PlannedTask:
    """The plan without its data, which is only passed on."""
    _, _, _, _, key, task, _, cron, interval_seconds, timezone, due_at, grace_s = row
    return PlannedTask(task, key, from_micros(due_at), cron, interval_seconds, timezone, grace_s=grace_s)


def _enter_inbox(
    connection: sqlite3.Connection, contact: ContactKey, profile: str, task: PlannedTask, data: str, at: int
) -> None:
    if task.task == BURST_TASK:
        return  # its texts are in the inbox already
    event = DueTask(task.task, task.idempotency_key, task.due_at)
    text = encode_due_task(event, data)
    row = (contact.channel_id, TASK, event_id(contact, event), profile, contact.contact_id, text, at, 0, 0)
    connection.execute(INSERT_INBOX, row)

"""Adding and cancelling scheduled work inside the transaction of whoever decided it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from runtime.ports.conversation_store import PlannedTask
from runtime.ports.inbox_store import ContactKey
from runtime.store.event_codec import encode_json
from runtime.store.instants import to_micros

_PLAN = """
    INSERT INTO scheduled_task (channel_id, contact_id, profile, idempotency_key, task, data,
                                cron, interval_seconds, timezone, due_at, updated_at, grace_seconds)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (channel_id, contact_id, idempotency_key) DO UPDATE SET
        profile = excluded.profile, task = excluded.task, data = excluded.data, cron = excluded.cron,
        interval_seconds = excluded.interval_seconds, timezone = excluded.timezone,
        due_at = excluded.due_at, state = 'scheduled', updated_at = excluded.updated_at,
        grace_seconds = excluded.grace_seconds
"""

_CANCEL = """
    UPDATE scheduled_task SET state = 'cancelled', updated_at = ?
    WHERE channel_id = ? AND contact_id = ? AND idempotency_key = ? AND state = 'scheduled'
"""


def plan_tasks(
    connection: sqlite3.Connection, contact: ContactKey, profile: str, tasks: Iterable[PlannedTask], at: int
) -> None:
    """Add or replace, inside the caller's transaction."""
    connection.executemany(
        _PLAN,
        [
            (
                contact.channel_id,
                contact.contact_id,
                profile,
                task.idempotency_key,
                task.task,
                encode_json(dict(task.data)),
                task.cron,
                task.interval_seconds,
                task.timezone,
                to_micros(task.due_at),
                at,
                task.grace_s,
            )
            for task in tasks
        ],
    )


def cancel_tasks(connection: sqlite3.Connection, contact: ContactKey, keys: Iterable[str], at: int) -> None:
    """Cancel by key, inside the caller's transaction."""
    connection.executemany(_CANCEL, [(at, contact.channel_id, contact.contact_id, key) for key in keys])

"""Whether a turn costs more once a million messages are stored."""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
from collections.abc import Iterable
from pathlib import Path

from bench.figure import Figure, figure
from bench.runtime.bare_core import turns_per_s
from runtime.store.sqlite.connection import open_writer
from runtime.store.sqlite.schema import migrate

ROUNDS = 3
MESSAGES = 500_000
"""Each with its reply: a million in all."""
CONTACTS = 100_000


def main() -> Iterable[Figure]:
    growth: list[float] = []
    with tempfile.TemporaryDirectory(prefix="frontdesk-bench-") as name:
        full = Path(name)
        _fill(full / "state.db")
        for _ in range(ROUNDS):
            with tempfile.TemporaryDirectory(prefix="frontdesk-bench-") as empty:
                fresh = asyncio.run(turns_per_s(Path(empty)))
            growth.append(fresh / asyncio.run(turns_per_s(full)))
    yield figure("runtime.turn_growth", growth, unit="x", against="<= 1.3: 1,000,000 messages, 100,000 contacts")


_FILL = (
    """
    INSERT INTO inbox (channel_id, kind, message_id, profile, contact_id, event, received_at, state, attempts, steps,
                       finished_at)
    WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < :messages)
    SELECT 'http_dev', 'message', 'old.' || n, 'http_dev', 'old' || (n % :contacts), :event, n, 'done', 1, 1, n
    FROM number
    """,
    """
    INSERT INTO outbox (id, channel_id, contact_id, output, state, attempts, provider_message_id, delivery, created_at,
                        updated_at, taken_at)
    SELECT 'old:' || seq, channel_id, contact_id, :output, 'sent', 1, 'wamid.' || seq, 'read', received_at,
           received_at, received_at FROM inbox
    """,
    """
    INSERT INTO conversation (channel_id, contact_id, conversation_id, snapshot, bundle_serial, updated_at)
    SELECT DISTINCT channel_id, contact_id, 'conv.' || contact_id, :snapshot, 1, 0 FROM inbox
    """,
)


def _fill(path: Path) -> None:
    """Filling is not what is measured, so nothing is synced meanwhile."""
    connection: sqlite3.Connection = open_writer(path)
    migrate(connection)
    connection.execute("PRAGMA journal_mode = OFF").fetchall()
    connection.execute("PRAGMA synchronous = OFF").fetchall()
    connection.execute("PRAGMA cache_size = -400000").fetchall()
    values = {
        "messages": MESSAGES,
        "contacts": CONTACTS,
        "event": '{"id":"old","text":"' + "x" * 200 + '"}',
        "output": '{"kind":"text","body":"' + "x" * 200 + '"}',
        "snapshot": '{"state":"MENU","data":{"said":"' + "x" * 200 + '"}}',
    }
    connection.execute("BEGIN IMMEDIATE")
    for statement in _FILL:
        connection.execute(statement, values)
    connection.execute("COMMIT")
    connection.close()

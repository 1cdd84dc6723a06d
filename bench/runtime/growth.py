"""Whether a turn, or a customer whom nobody knows, costs more once a million messages are stored."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import tempfile
from collections.abc import Iterable
from pathlib import Path

from bench.figure import Figure, figure
from bench.runtime.bare_core import USERS, newcomers_per_s, turns_per_s
from runtime.limits import InboundLimits, RuntimeLimits
from runtime.store.sqlite.connection import open_writer
from runtime.store.sqlite.schema import migrate

ROUNDS = 3
MESSAGES = int(os.environ.get("GROWTH_MESSAGES", "500000"))
"""Each with its reply: a million in all."""
CONTACTS = int(os.environ.get("GROWTH_CONTACTS", "100000"))

NAMES = [f"old{number}" for number in range(0, CONTACTS, max(CONTACTS // USERS, 1))][:USERS]
"""Who is measured: customers who were here before, spread over all of them."""

COUNTED = RuntimeLimits(InboundLimits(inbound_per_contact_per_minute=1_000_000, loop_messages=20, loop_window_s=0.001))
"""Every message is counted, as it is at a business, and none is too much."""


def main() -> Iterable[Figure]:
    turns, newcomers = list[float](), list[float]()
    with tempfile.TemporaryDirectory(prefix="frontdesk-bench-") as name:
        full = Path(name)
        _fill(full / "state.db")
        for _ in range(ROUNDS):
            with tempfile.TemporaryDirectory(prefix="frontdesk-bench-") as empty:
                fresh, fresh_newcomers = asyncio.run(_measure(Path(empty))), asyncio.run(newcomers_per_s(Path(empty)))
            turns.append(fresh / asyncio.run(_measure(full)))
            newcomers.append(fresh_newcomers / asyncio.run(newcomers_per_s(full)))
    stored = f"{2 * MESSAGES:,} messages, {CONTACTS:,} contacts"
    yield figure("runtime.turn_growth", turns, unit="x", against=f"<= 1.3: {stored}")
    yield figure("runtime.newcomer_growth", newcomers, unit="x", against=f"<= 1.3: {stored}")


async def _measure(folder: Path) -> float:
    return await turns_per_s(folder, contacts=NAMES, limits=COUNTED)


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
    INSERT INTO conversation (channel_id, contact_id, conversation_id, snapshot, bundle_serial, updated_at, state)
    SELECT DISTINCT channel_id, contact_id, 'conv.' || contact_id, replace(:snapshot, '@', contact_id), 1, 0, 'MENU'
    FROM inbox
    """,
    """
    INSERT INTO step (event_seq, channel_id, contact_id, conversation_id, bundle_serial, at, event, done, state_before,
                      state_after, trace, outcomes, message_ids, duration_us, report)
    SELECT seq, channel_id, contact_id, 'conv.' || contact_id, 1, received_at, 'message', 1, 'MENU', 'MENU', :trace,
           '[]', '["old:' || seq || '"]', 900, '' FROM inbox
    """,
    """
    INSERT INTO delivery_status (channel_id, provider_message_id, state, our_id, reported_at, received_at)
    SELECT channel_id, provider_message_id, reported.value, outbox.id, created_at, created_at
    FROM outbox, json_each('["sent", "delivered", "read"]') reported
    """,
    """
    INSERT INTO contact_alias (channel_id, alias, contact_id, since)
    SELECT channel_id, '34' || contact_id, contact_id, 0 FROM conversation
    """,
    """
    INSERT INTO contact_traffic (channel_id, contact_id, allowance, counted_at, seen, paused_until)
    SELECT channel_id, contact_id, 1, 0, '[[7,1],[8,2]]', 0 FROM conversation
    """,
    "INSERT INTO runtime_state (key, value) SELECT 'telemetry.folded', CAST(max(seq) AS BLOB) FROM step",
)

_SNAPSHOT = (
    '{"format":1,"conversation_id":"conv.@","channel":"http_dev","contact_id":"@","state":"MENU","data":{"said":"'
    + "x" * 200
    + '"},"contact":{"id":"@","name":"Ana","phone":null},"turn":5,"next_effect":6,"waiting":null,"question":null,'
    '"question_turn":5,"last_message_id":"old.1","language":null,"history":[]}'
)
_TRACE = (
    '[{"kind":"state_entered","state":"MENU","because":"fallback"},'
    '{"kind":"action_run","name":"MENU","index":0,"action":"send_text"}]'
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
        "snapshot": _SNAPSHOT,
        "trace": _TRACE,
    }
    connection.execute("BEGIN IMMEDIATE")
    for statement in _FILL:
        connection.execute(statement, values)
    connection.execute("COMMIT")
    connection.close()

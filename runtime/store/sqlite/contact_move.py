"""Moving everything of one contact to another id of the same customer. Inside the caller's transaction."""

from __future__ import annotations

import json
import sqlite3
from typing import Final

from runtime.store.event_codec import encode_json
from runtime.store.sqlite.reader import Row

_OWN_RULES: Final = frozenset({"contact_alias", "consent", "conversation"})
"""Tables that are not moved row by row."""

# All tables that speak of contacts, also those of other parts of the runtime: none may be forgotten.
_TABLES = """
    SELECT m.name, max(c.name = 'channel_id') FROM sqlite_master m JOIN pragma_table_info(m.name) c
    WHERE m.type = 'table' GROUP BY m.name HAVING max(c.name = 'contact_id')
"""

_OF_CONTACT = "WHERE channel_id = ?1 AND contact_id = ?2"

_PRESENCE: dict[int, str] = {}
"""Schema version → one query over all its tables. Asked about every new customer who comes with two ids."""

_CONVERSATION = "SELECT snapshot, updated_at FROM conversation WHERE channel_id = ? AND contact_id = ?"

# A message that waits carries its sender's id.
_EVENTS = """
    UPDATE inbox SET event = json_set(event, '$.contact_id', :current)
    WHERE channel_id = :channel_id AND contact_id = :current AND kind = 'message' AND state IN ('pending', 'claimed')
"""

_APPOINTMENTS = """
    UPDATE appointment SET row = json_set(row, '$.booking.contact_id', :current)
    WHERE contact_id = :current AND json_extract(row, '$.booking.contact_id') = :previous
"""

# Of two plans under one key the one stays that belongs to the conversation that goes on.
_DROP_PLANS = """
    DELETE FROM scheduled_task WHERE channel_id = :channel_id AND contact_id = :loser AND idempotency_key IN
        (SELECT idempotency_key FROM scheduled_task WHERE channel_id = :channel_id AND contact_id = :winner)
"""


def has_rows(connection: sqlite3.Connection, channel_id: str, contact_id: str) -> bool:
    """Whether anything of this contact is kept on this channel."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version not in _PRESENCE:
        tables = [name for name, by_channel in connection.execute(_TABLES) if by_channel and name != "consent"]
        _PRESENCE[version] = "SELECT " + " OR ".join(f"EXISTS (SELECT 1 FROM {name} {_OF_CONTACT})" for name in tables)  # noqa: S608 - names from the schema
    return bool(connection.execute(_PRESENCE[version], (channel_id, contact_id)).fetchone()[0])


def move_contact(connection: sqlite3.Connection, channel_id: str, previous: str, current: str) -> None:
    """``previous`` owns nothing afterwards. What both have stays as ``current`` has it."""
    names = {"channel_id": channel_id, "previous": previous, "current": current}
    winner = _move_conversation(connection, channel_id, previous, current)
    loser = previous if winner == current else current
    connection.execute(_DROP_PLANS, {"channel_id": channel_id, "winner": winner, "loser": loser})
    for table, by_channel in connection.execute(_TABLES).fetchall():
        if table in _OWN_RULES:
            continue
        where = "contact_id = :previous" + (" AND channel_id = :channel_id" if by_channel else "")
        connection.execute(f"UPDATE OR IGNORE {table} SET contact_id = :current WHERE {where}", names)  # noqa: S608 - as above
        connection.execute(f"DELETE FROM {table} WHERE {where}", names)  # noqa: S608 - as above
    connection.execute(_EVENTS, names)
    connection.execute(_APPOINTMENTS, names)


def _move_conversation(connection: sqlite3.Connection, channel_id: str, previous: str, current: str) -> str:
    """Which of the two had the conversation that goes on."""
    before = connection.execute(_CONVERSATION, (channel_id, previous)).fetchone()
    now = connection.execute(_CONVERSATION, (channel_id, current)).fetchone()
    if before is None:
        return current
    winner = previous if now is None or before[1] > now[1] else current
    snapshot = _joined(before, now, current)
    loser = (channel_id, current if winner == previous else previous)
    connection.execute("DELETE FROM conversation WHERE channel_id = ? AND contact_id = ?", loser)
    connection.execute(
        "UPDATE conversation SET contact_id = ?, snapshot = ? WHERE channel_id = ? AND contact_id = ?",
        (current, snapshot, channel_id, winner),
    )
    return winner


def _joined(before: Row, now: Row | None, current: str) -> str:
    """The later snapshot; of the earlier one what only it knows of the customer."""
    earlier, later = sorted([before, now], key=lambda row: row[1]) if now is not None else (before, before)
    snapshot, other = json.loads(later[0]), json.loads(earlier[0])
    for key in ("data", "contact"):
        snapshot[key] = {**other.get(key, {}), **snapshot.get(key, {})}
    snapshot["contact_id"] = current
    return encode_json(snapshot)

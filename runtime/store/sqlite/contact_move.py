"""Moving everything of one contact to another id of the same customer. Inside the caller's transaction."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
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

_OF_PAIR = "WHERE kept.channel_id = pair.channel_id AND kept.contact_id = pair.contact_id"

_PRESENCE: dict[int, str] = {}
"""Schema version → a condition over all its tables. Asked about every new customer who comes with two ids."""

_PRESENT = """
    WITH pair AS MATERIALIZED (SELECT value ->> 0 AS channel_id, value ->> 1 AS contact_id FROM json_each(?))
    SELECT json_group_array(json_array(channel_id, contact_id)) FROM pair WHERE {condition}
"""

_CONVERSATION = "SELECT snapshot, updated_at FROM conversation WHERE channel_id = ? AND contact_id = ?"

# A message that waits carries its sender's id.
_EVENTS = """
    UPDATE inbox INDEXED BY inbox_open SET event = json_set(event, '$.contact_id', :current)
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


def presence(connection: sqlite3.Connection) -> str:
    """The condition that anything of a ``pair`` of ``channel_id`` and ``contact_id`` is kept."""
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version not in _PRESENCE:
        tables = [name for name, by_channel in connection.execute(_TABLES) if by_channel and name != "consent"]
        _PRESENCE[version] = " OR ".join(f"EXISTS (SELECT 1 FROM {name} AS kept {_OF_PAIR})" for name in tables)  # noqa: S608 - names from the schema
    return _PRESENCE[version]


def has_rows(connection: sqlite3.Connection, channel_id: str, contact_id: str) -> bool:
    """Whether anything of this contact is kept on this channel."""
    return bool(present(connection, [(channel_id, contact_id)]))


def present(connection: sqlite3.Connection, contacts: Sequence[tuple[str, str]]) -> set[tuple[str, str]]:
    """Of these (channel id, contact id) pairs the ones of whom anything is kept."""
    statement = _PRESENT.format(condition=presence(connection))
    found = json.loads(connection.execute(statement, (encode_json(contacts),)).fetchone()[0])
    return {(channel_id, contact_id) for channel_id, contact_id in found}


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

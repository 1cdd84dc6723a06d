"""Erasing a contact from a state file, on any connection that may write: the live writer's, or a restored copy's."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from typing import Final

from runtime.ports.inbox_store import ContactKey
from runtime.store.sqlite.consent import forget_wishes
from runtime.store.sqlite.erased_messages import keep_hashes

_OWN_RULES: Final = frozenset({"consent"})
"""Where a hash stays: who wished to hear nothing must not be written to because she was forgotten."""

_TABLES: Final = """
    SELECT m.name, max(c.name = 'channel_id') FROM sqlite_master m JOIN pragma_table_info(m.name) c
    WHERE m.type = 'table' GROUP BY m.name HAVING max(c.name = 'contact_id')
"""
_TEXTS: Final = """
    SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
    WHERE m.type = 'table' AND m.name NOT GLOB 'sqlite_*' AND c.type IN ('TEXT', 'BLOB') ORDER BY m.name, c.cid
"""

# Reports name a message by the provider's id; the messages are gone afterwards.
_STATUSES: Final = """
    DELETE FROM delivery_status WHERE (channel_id, provider_message_id) IN
        (SELECT channel_id, provider_message_id FROM outbox
         WHERE channel_id = :channel_id AND contact_id = :contact_id AND provider_message_id IS NOT NULL)
"""
_RAW: Final = "DELETE FROM raw_inbound WHERE channel_id = :channel_id AND instr(body, CAST(:contact_id AS BLOB)) > 0"
# Also that of the command which erases: it names her, and is asked for nothing more.
_COMMANDS: Final = "UPDATE command SET payload = '{}' WHERE instr(payload, :name) > 0"
_IDS: Final = "SELECT channel_id, message_id FROM inbox WHERE channel_id = ? AND contact_id = ? AND kind = 'message'"
_NAMES: Final = "SELECT name FROM pseudonym WHERE channel_id = ? AND contact_id = ?"


def erase_contact(connection: sqlite3.Connection, contact: ContactKey, at: int) -> tuple[Mapping[str, int], int]:
    """Rows erased by table, and ids kept as hashes. Inside the caller's transaction; ``secure_delete`` is on."""
    key = {"channel_id": contact.channel_id, "contact_id": contact.contact_id}
    line = (contact.channel_id, contact.contact_id)
    hashed = keep_hashes(connection, connection.execute(_IDS, line).fetchall(), at)
    erased = {"delivery_status": connection.execute(_STATUSES, key).rowcount}
    erased["raw_inbound"] = connection.execute(_RAW, key).rowcount
    erased["consent"] = forget_wishes(connection, contact)
    for name in (contact.contact_id, *(row[0] for row in connection.execute(_NAMES, line).fetchall())):
        connection.execute(_COMMANDS, {"name": name})
    for table, where in tables_of(connection):
        erased[table] = connection.execute(f"DELETE FROM {table} WHERE {where}", key).rowcount  # noqa: S608 - a name from the schema
    return {table: number for table, number in erased.items() if number}, hashed


def tables_of(connection: sqlite3.Connection) -> Iterator[tuple[str, str]]:
    """Every table that speaks of contacts by id, and the condition for one of them (``:channel_id, :contact_id``)."""
    for table, by_channel in connection.execute(_TABLES).fetchall():
        if table not in _OWN_RULES:
            yield table, "contact_id = :contact_id" + (" AND channel_id = :channel_id" if by_channel else "")


def count_traces(connection: sqlite3.Connection, contact_id: str) -> int:
    """Rows that still contain the id anywhere, in any table: the proof, and a walk through the whole file."""
    found = 0
    for table, column in connection.execute(_TEXTS).fetchall():
        sql = f"SELECT count(*) FROM {table} WHERE instr({column}, CAST(:id AS {{}})) > 0"  # noqa: S608 - names from the schema
        for kind in ("TEXT", "BLOB"):
            found += connection.execute(sql.format(kind), {"id": contact_id}).fetchone()[0]
    return found

"""Contacts by their names."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence

from runtime.ports.contact_directory import ContactDirectory
from runtime.ports.inbox_store import ContactKey
from runtime.store.sqlite.reader import Reader, Row
from runtime.store.sqlite.writer import Writer

_NAMED = """
    SELECT channel_id, contact_id FROM pseudonym WHERE name = ?1
    UNION SELECT channel_id, contact_id FROM conversation WHERE contact_id = ?1
    UNION SELECT channel_id, contact_id FROM inbox INDEXED BY inbox_open
        WHERE contact_id = ?1 AND state IN ('pending', 'claimed')
"""


class SQLiteContactDirectory(ContactDirectory):
    """See ``ContactDirectory``."""

    def __init__(self, writer: Writer, reader: Reader) -> None:
        self._writer = writer
        self._reader = reader

    async def remember_names(self, names: Mapping[ContactKey, str]) -> None:
        rows = [(name, contact.channel_id, contact.contact_id) for contact, name in names.items()]
        known = "SELECT 1 FROM pseudonym WHERE name = ? AND channel_id = ? AND contact_id = ?"
        new = [row for row in rows if self._reader.row(known, *row) is None]
        if new:
            await self._writer.write(lambda connection: _add_names(connection, new))

    async def named(self, name: str, channel_id: str | None) -> Sequence[ContactKey]:
        found = self._reader.rows(_NAMED, name)
        return [ContactKey(*row) for row in found if channel_id in (None, row[0])]


def _add_names(connection: sqlite3.Connection, rows: Sequence[Row]) -> None:
    connection.executemany("INSERT OR REPLACE INTO pseudonym (name, channel_id, contact_id) VALUES (?, ?, ?)", rows)

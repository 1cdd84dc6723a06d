"""The table of what the runtime remembers about itself."""

from __future__ import annotations

import sqlite3

from runtime.ports.value_store import ValueStore
from runtime.store.sqlite.reader import Reader
from runtime.store.sqlite.writer import Writer


class SQLiteValueStore(ValueStore):
    """See ``ValueStore``."""

    def __init__(self, writer: Writer, reader: Reader) -> None:
        self._writer = writer
        self._reader = reader

    async def get(self, key: str) -> bytes | None:
        found = self._reader.row("SELECT value FROM runtime_state WHERE key = ?", key)
        return None if found is None else bytes(found[0])

    async def set(self, key: str, value: bytes | None) -> None:
        def work(connection: sqlite3.Connection) -> None:
            if value is None:
                connection.execute("DELETE FROM runtime_state WHERE key = ?", (key,))
                return
            connection.execute(
                "INSERT INTO runtime_state (key, value) VALUES (?, ?)"
                " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                (key, value),
            )

        await self._writer.write(work)

"""The table of uploads."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from runtime.ports.upload_store import UploadStore
from runtime.store.instants import to_micros
from runtime.store.sqlite.reader import Reader
from runtime.store.sqlite.writer import Writer

_FIND = "SELECT media_id FROM upload WHERE channel_id = ? AND digest = ? AND until > ?"
_KEEP = """
    INSERT INTO upload (channel_id, digest, media_id, until) VALUES (?, ?, ?, ?)
    ON CONFLICT (channel_id, digest) DO UPDATE SET media_id = excluded.media_id, until = excluded.until
"""


class SQLiteUploadStore(UploadStore):
    """See ``UploadStore``."""

    def __init__(self, writer: Writer, reader: Reader) -> None:
        self._writer = writer
        self._reader = reader

    async def find(self, channel_id: str, digest: str, *, at: datetime) -> str | None:
        found = self._reader.row(_FIND, channel_id, digest, to_micros(at))
        return None if found is None else str(found[0])

    async def keep(self, channel_id: str, digest: str, media_id: str, *, until: datetime, at: datetime) -> None:
        def work(connection: sqlite3.Connection) -> None:
            connection.execute("DELETE FROM upload WHERE until <= ?", (to_micros(at),))
            connection.execute(_KEEP, (channel_id, digest, media_id, to_micros(until)))

        await self._writer.write(work)

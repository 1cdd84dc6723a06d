"""The table of customers' files."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from runtime.ports.inbox_store import ContactKey
from runtime.ports.media_store import KeptFile, MediaStore, WantedFile, Wanting
from runtime.store.instants import from_micros, to_micros
from runtime.store.sqlite.reader import Reader, Row
from runtime.store.sqlite.writer import Writer

_FILE = "channel_id, contact_id, media_id, message_id, mime_type, sha256"

_WANT = """
    INSERT INTO media_file (channel_id, contact_id, media_id, message_id, mime_type, sha256, received_at)
    VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (channel_id, media_id) DO NOTHING
"""
_NEXT = f"""
    SELECT {_FILE}, attempts, not_before FROM media_file WHERE state = 'wanted' ORDER BY not_before, seq LIMIT 1
"""  # noqa: S608 - a constant of ours
_KEEP = "UPDATE media_file SET state = 'kept', name = ?, size = ?, error = NULL WHERE channel_id = ? AND media_id = ?"
_PUT_OFF = """
    UPDATE media_file SET attempts = attempts + 1, error = ?, not_before = ?, state = ?
    WHERE channel_id = ? AND media_id = ?
"""
_KEPT = f"""
    SELECT {_FILE}, name, size FROM media_file WHERE channel_id = ? AND contact_id = ? AND state = 'kept' ORDER BY seq
"""  # noqa: S608 - as above


class SQLiteMediaStore(MediaStore):
    """See ``MediaStore``."""

    def __init__(self, writer: Writer, reader: Reader) -> None:
        self._writer = writer
        self._reader = reader

    async def want(self, file: WantedFile, *, at: datetime) -> bool:
        key = (file.contact.channel_id, file.contact.contact_id, file.media_id, file.message_id)
        row = (*key, file.mime_type, file.sha256, to_micros(at))
        return await self._writer.write(lambda connection: connection.execute(_WANT, row).rowcount == 1)

    async def next_wanted(self, *, at: datetime) -> Wanting | datetime | None:
        found = self._reader.row(_NEXT)
        if found is None:
            return None
        *_, attempts, not_before = found
        return from_micros(not_before) if not_before > to_micros(at) else Wanting(_file(found), attempts)

    async def keep(self, file: WantedFile, name: str, size: int) -> None:
        row = (name, size, file.contact.channel_id, file.media_id)
        await self._writer.write(lambda connection: connection.execute(_KEEP, row))

    async def put_off(self, file: WantedFile, error: str, again_at: datetime | None) -> None:
        again = (0, "failed") if again_at is None else (to_micros(again_at), "wanted")
        row = (error, *again, file.contact.channel_id, file.media_id)
        await self._writer.write(lambda connection: connection.execute(_PUT_OFF, row))

    async def kept(self, contact: ContactKey) -> Sequence[KeptFile]:
        rows = self._reader.rows(_KEPT, contact.channel_id, contact.contact_id)
        return [KeptFile(_file(row), row[-2], row[-1]) for row in rows]

    async def names(self) -> frozenset[str]:
        return frozenset(row[0] for row in self._reader.rows("SELECT name FROM media_file WHERE name IS NOT NULL"))

    async def bytes_kept(self) -> int:
        found = self._reader.row("SELECT coalesce(sum(size), 0) FROM media_file WHERE state = 'kept'")
        return int(found[0]) if found else 0


def _file(row: Row) -> WantedFile:
    channel_id, contact_id, media_id, message_id, mime_type, sha256, *_ = row
    return WantedFile(ContactKey(channel_id, contact_id), media_id, message_id, mime_type, sha256)

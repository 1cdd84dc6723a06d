"""The table of notices to the staff."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime

from runtime.ports.inbox_store import ContactKey
from runtime.ports.notice_store import NoticeRecord, NoticeStore, StaffNotice, TakenNotice
from runtime.ports.outbox_store import NotBefore
from runtime.store.instants import from_micros, to_micros
from runtime.store.sqlite.reader import Reader
from runtime.store.sqlite.writer import Writer

_ADD = """
    INSERT INTO staff_notice (id, channel_id, contact_id, subject, text, created_at, updated_at)
    VALUES (?, ?, ?, ?, ?, ?, ?)
"""

_NEXT = "SELECT seq, not_before FROM staff_notice WHERE state = 'pending' ORDER BY not_before, seq LIMIT 1"

_TAKE = """
    UPDATE staff_notice SET attempts = attempts + 1, not_before = ?, updated_at = ? WHERE seq = ?
    RETURNING id, channel_id, contact_id, subject, text, attempts
"""

_SETTLE = """
    UPDATE staff_notice SET state = ?, error = ?, not_before = ?, updated_at = ? WHERE id = ? AND state = 'pending'
"""

_RECORDS = """
    SELECT id, state, attempts, error FROM staff_notice WHERE channel_id = ? AND contact_id = ? ORDER BY seq
"""


def add_notices(connection: sqlite3.Connection, notices: Iterable[StaffNotice], at: int) -> None:
    """Add, inside the caller's transaction."""
    rows = [(each.id, each.contact.channel_id, each.contact.contact_id, each.subject, each.text) for each in notices]
    connection.executemany(_ADD, [(*row, at, at) for row in rows])


class SQLiteNoticeStore(NoticeStore):
    """See ``NoticeStore``."""

    def __init__(self, writer: Writer, reader: Reader) -> None:
        self._writer = writer
        self._reader = reader

    async def take(self, *, at: datetime, again_at: datetime) -> TakenNotice | NotBefore | None:
        def work(connection: sqlite3.Connection) -> TakenNotice | NotBefore | None:
            found = connection.execute(_NEXT).fetchone()
            if found is None:
                return None
            seq, not_before = found
            if not_before > to_micros(at):
                return NotBefore(from_micros(not_before))
            row = connection.execute(_TAKE, (to_micros(again_at), to_micros(at), seq)).fetchall()[0]
            return TakenNotice(StaffNotice(row[0], ContactKey(row[1], row[2]), row[3], row[4]), row[5])

        return await self._writer.write(work)

    async def told(self, notice_id: str, *, at: datetime) -> None:
        await self._settle("told", None, at, notice_id, at)

    async def put_off(self, notice_id: str, error: str, *, until: datetime, at: datetime) -> None:
        await self._settle("pending", error, until, notice_id, at)

    async def give_up(self, notice_id: str, error: str, *, at: datetime) -> None:
        await self._settle("dead", error, at, notice_id, at)

    async def records(self, contact: ContactKey) -> Sequence[NoticeRecord]:
        rows = self._reader.rows(_RECORDS, contact.channel_id, contact.contact_id)
        return [NoticeRecord(*row) for row in rows]

    async def _settle(self, state: str, error: str | None, not_before: datetime, notice_id: str, at: datetime) -> None:
        row = (state, error, to_micros(not_before), to_micros(at), notice_id)
        await self._writer.write(lambda connection: connection.execute(_SETTLE, row).rowcount)

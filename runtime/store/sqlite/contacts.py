"""Aliases of contacts, and what a send planner reads of them."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from runtime.ports.contact_store import FORMER_ID_HOLDS, ContactStore, LastWord
from runtime.ports.inbox_store import ContactKey
from runtime.store.instants import from_micros, to_micros
from runtime.store.sqlite.consent import move_wishes
from runtime.store.sqlite.contact_move import has_rows, move_contact
from runtime.store.sqlite.reader import Reader
from runtime.store.sqlite.writer import Writer

LATEST_MESSAGES = 20
"""Among so many the one is that was sent last: providers deliver late and out of order, but not by more."""

_KNOWN_AS = """
    SELECT contact_id FROM contact_alias WHERE channel_id = ? AND alias = ? AND (until IS NULL OR until > ?)
"""
_ALIASES = """
    SELECT alias FROM contact_alias WHERE channel_id = ? AND contact_id = ? AND (until IS NULL OR until > ?)
    ORDER BY since DESC, alias
"""
_LINK = """
    INSERT INTO contact_alias (channel_id, alias, contact_id, since, until) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (channel_id, alias) DO UPDATE SET
        contact_id = excluded.contact_id, since = excluded.since, until = excluded.until
"""
_LATEST = """
    SELECT max(sent_at) FROM (
        SELECT json_extract(event, '$.sent_at') AS sent_at FROM inbox
        WHERE channel_id = ? AND contact_id = ? AND kind = 'message' ORDER BY seq DESC LIMIT ?
    )
"""
_REFUSED = "SELECT at FROM window_refused WHERE channel_id = ? AND contact_id = ?"
_REFUSE = """
    INSERT INTO window_refused (channel_id, contact_id, at) VALUES (?, ?, ?)
    ON CONFLICT (channel_id, contact_id) DO UPDATE SET at = max(at, excluded.at)
"""


class SQLiteContactStore(ContactStore):
    """See ``ContactStore``."""

    def __init__(self, writer: Writer, reader: Reader) -> None:
        self._writer = writer
        self._reader = reader

    async def known_as(self, channel_id: str, some_id: str, *, at: datetime) -> str:
        found = self._reader.row(_KNOWN_AS, channel_id, some_id, to_micros(at))
        return some_id if found is None else str(found[0])

    async def aliases_of(self, contact: ContactKey, *, at: datetime) -> tuple[str, ...]:
        rows = self._reader.rows(_ALIASES, contact.channel_id, contact.contact_id, to_micros(at))
        return tuple(row[0] for row in rows)

    async def link(self, contact: ContactKey, alias: str, *, at: datetime) -> bool:
        channel_id, contact_id = contact.channel_id, contact.contact_id
        if self._reader.row(_KNOWN_AS, channel_id, alias, to_micros(at)) == (contact_id,):
            return False  # nearly every message: both ids are known to be one

        def work(connection: sqlite3.Connection) -> bool:
            known = connection.execute(_KNOWN_AS, (channel_id, alias, to_micros(at))).fetchone()
            if known == (contact_id,):
                return False
            connection.execute(_LINK, (channel_id, alias, contact_id, to_micros(at), None))
            if known is not None or not has_rows(connection, channel_id, alias):
                return False
            _move(connection, channel_id, alias, contact_id)
            return True

        return await self._writer.write(work)

    async def rename(self, contact: ContactKey, now: str, *, at: datetime) -> None:
        channel_id, previous = contact.channel_id, contact.contact_id

        def work(connection: sqlite3.Connection) -> None:
            _move(connection, channel_id, previous, now)
            connection.execute("DELETE FROM contact_alias WHERE channel_id = ? AND alias = ?", (channel_id, now))
            until = to_micros(at + FORMER_ID_HOLDS)
            connection.execute(_LINK, (channel_id, previous, now, to_micros(at), until))

        if now != previous:
            await self._writer.write(work)

    async def last_word(self, contact: ContactKey) -> LastWord:
        line = (contact.channel_id, contact.contact_id)
        heard, refused = self._reader.row(_LATEST, *line, LATEST_MESSAGES), self._reader.row(_REFUSED, *line)
        return LastWord(
            None if heard is None or heard[0] is None else datetime.fromisoformat(heard[0]),
            None if refused is None else from_micros(refused[0]),
        )

    async def refuse_free_messages(self, contact: ContactKey, *, at: datetime) -> None:
        row = (contact.channel_id, contact.contact_id, to_micros(at))
        await self._writer.write(lambda connection: connection.execute(_REFUSE, row))


def _move(connection: sqlite3.Connection, channel_id: str, previous: str, current: str) -> None:
    move_contact(connection, channel_id, previous, current)
    move_wishes(connection, channel_id, previous, current)
    connection.execute(
        "UPDATE contact_alias SET contact_id = ? WHERE channel_id = ? AND contact_id = ?",
        (current, channel_id, previous),
    )

"""Aliases of contacts, and what a send planner reads of them."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from runtime.ports.contact_store import FORMER_ID_HOLDS, ContactStore, LastWord
from runtime.ports.inbox_store import ContactKey
from runtime.store.instants import from_micros, to_micros
from runtime.store.sqlite.known_ids import KnownIds
from runtime.store.sqlite.linking import KNOWN_AS, LINK, Linking, Pair, move
from runtime.store.sqlite.reader import Reader
from runtime.store.sqlite.writer import Writer

LATEST_MESSAGES = 20
"""Among so many the one is that was sent last: providers deliver late and out of order, but not by more."""

_ALIASES = """
    SELECT alias FROM contact_alias WHERE channel_id = ? AND contact_id = ? AND (until IS NULL OR until > ?)
    ORDER BY since DESC, alias
"""
_LAST_WORD = """
    SELECT (SELECT max(sent_at) FROM (
        SELECT json_extract(event, '$.sent_at') AS sent_at FROM inbox
        WHERE channel_id = ?1 AND contact_id = ?2 AND kind = 'message' ORDER BY seq DESC LIMIT ?3
    )), (SELECT at FROM window_refused WHERE channel_id = ?1 AND contact_id = ?2)
"""
_REFUSE = """
    INSERT INTO window_refused (channel_id, contact_id, at) VALUES (?, ?, ?)
    ON CONFLICT (channel_id, contact_id) DO UPDATE SET at = max(at, excluded.at)
"""


class SQLiteContactStore(ContactStore):
    """See ``ContactStore``."""

    def __init__(self, writer: Writer, reader: Reader, known: KnownIds) -> None:
        self._writer = writer
        self._reader = reader
        self._known = known
        self._linking = Linking(known)
        self._link_together = self._linking.together  # one and the same for all, so that they meet

    async def known_as(self, channel_id: str, some_id: str, *, at: datetime) -> str:
        name = self._known.name_of(channel_id, some_id)
        if name is not None:
            return name
        if self._known.aliases.may_be_alias(channel_id, some_id):
            return self._looked_up(channel_id, some_id, to_micros(at))
        self._known.remember(channel_id, some_id, some_id)
        return some_id

    def _looked_up(self, channel_id: str, some_id: str, at: int) -> str:
        name, until = self._reader.row(KNOWN_AS, channel_id, some_id, at) or (some_id, None)
        if until is None:
            self._known.remember(channel_id, some_id, name)
        return str(name)

    async def aliases_of(self, contact: ContactKey, *, at: datetime) -> tuple[str, ...]:
        rows = self._reader.rows(_ALIASES, contact.channel_id, contact.contact_id, to_micros(at))
        return tuple(row[0] for row in rows)

    async def link(self, contact: ContactKey, alias: str, *, at: datetime) -> bool:
        if await self.known_as(contact.channel_id, alias, at=at) == contact.contact_id:
            return False  # nearly every message: both ids are known to be one
        upheavals = self._known.upheavals
        pair = Pair(contact.channel_id, alias, contact.contact_id, to_micros(at))
        moved = await self._writer.write_together(
            self._link_together, pair, lambda connection: self._linking.alone(connection, pair)
        )
        if moved:
            self._known.forget_all()
        elif self._known.upheavals == upheavals:
            self._known.remember(contact.channel_id, alias, contact.contact_id)
        else:
            self._known.forget(contact.channel_id, alias)  # for who has read before this was committed
        return moved

    async def rename(self, contact: ContactKey, now: str, *, at: datetime) -> None:
        channel_id, previous = contact.channel_id, contact.contact_id

        def work(connection: sqlite3.Connection) -> None:
            self._known.aliases.mark(channel_id, previous)
            self._known.forget_all()
            move(connection, channel_id, previous, now)
            connection.execute("DELETE FROM contact_alias WHERE channel_id = ? AND alias = ?", (channel_id, now))
            until = to_micros(at + FORMER_ID_HOLDS)
            connection.execute(LINK, (channel_id, previous, now, to_micros(at), until))

        if now != previous:
            await self._writer.write(work)
            self._known.forget_all()

    async def last_word(self, contact: ContactKey) -> LastWord:
        heard, refused = self._reader.row(_LAST_WORD, contact.channel_id, contact.contact_id, LATEST_MESSAGES) or (
            None,
            None,
        )
        return LastWord(
            None if heard is None else datetime.fromisoformat(heard), None if refused is None else from_micros(refused)
        )

    async def refuse_free_messages(self, contact: ContactKey, *, at: datetime) -> None:
        row = (contact.channel_id, contact.contact_id, to_micros(at))
        await self._writer.write(lambda connection: connection.execute(_REFUSE, row))

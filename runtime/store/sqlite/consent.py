"""The table of wishes."""

from __future__ import annotations

import hashlib
import hmac
import sqlite3
from collections.abc import Sequence
from typing import Final

from runtime.ports.consent_ledger import WISH_OUTCOMES, ConsentEntry, ConsentLedger, WishSource
from runtime.ports.conversation_store import StepCommit
from runtime.ports.inbox_store import ContactKey
from runtime.store.instants import from_micros, to_micros
from runtime.store.sqlite.reader import Reader
from runtime.store.sqlite.writer import Writer
from runtime.wish import Wish

_KEY: Final = "SELECT value FROM runtime_state WHERE key = 'consent.key'"

_ENTER = """
    INSERT INTO consent (channel_id, contact_id, subject, wish, source, proof, at) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (subject, wish, proof) DO NOTHING
"""

_LATEST = "SELECT wish FROM consent WHERE subject = ? ORDER BY at DESC, seq DESC LIMIT 1"
_HISTORY = "SELECT wish, source, proof, at FROM consent WHERE subject = ? ORDER BY at, seq"
_OF_CONTACT = "SELECT seq, proof FROM consent WHERE channel_id = ? AND contact_id = ?"
_FORGET = "UPDATE OR REPLACE consent SET contact_id = NULL, proof = ? WHERE seq = ?"
_MOVE = """
    UPDATE OR REPLACE consent SET contact_id = ?, subject = ? WHERE channel_id = ? AND (contact_id = ? OR subject = ?)
"""


class SQLiteConsentLedger(ConsentLedger):
    """See ``ConsentLedger``. The key of the hashes lies in the same file: it keeps them from being tried elsewhere."""

    def __init__(self, writer: Writer, reader: Reader) -> None:
        self._writer = writer
        self._reader = reader
        found = reader.row(_KEY)
        self._key = bytes(found[0]) if found is not None else b""

    async def enter(self, contact: ContactKey, entry: ConsentEntry) -> bool:
        told = (entry.wish.value, entry.source.value, entry.proof, to_micros(entry.at))
        row = (contact.channel_id, contact.contact_id, _subject(self._key, contact), *told)
        return await self._writer.write(lambda connection: connection.execute(_ENTER, row).rowcount == 1)

    async def wish_of(self, contact: ContactKey) -> Wish | None:
        found = self._reader.row(_LATEST, _subject(self._key, contact))
        return None if found is None else Wish(found[0])

    async def history_of(self, contact: ContactKey) -> Sequence[ConsentEntry]:
        rows = self._reader.rows(_HISTORY, _subject(self._key, contact))
        return [ConsentEntry(Wish(row[0]), WishSource(row[1]), row[2], from_micros(row[3])) for row in rows]

    async def forget(self, contact: ContactKey) -> int:
        return await self._writer.write(lambda connection: forget_wishes(connection, contact))


def enter_recorded_wishes(connection: sqlite3.Connection, step: StepCommit, message_id: str) -> None:
    """What the flow asked and was answered, inside the step's transaction."""
    wishes = [WISH_OUTCOMES[found.name] for found in step.outcomes if found.name in WISH_OUTCOMES]
    for wish in wishes:
        told = (wish.value, WishSource.FLOW.value, message_id, to_micros(step.at))
        subject = _subject(_key(connection), step.contact)
        connection.execute(_ENTER, (step.contact.channel_id, step.contact.contact_id, subject, *told))


def forget_wishes(connection: sqlite3.Connection, contact: ContactKey) -> int:
    """Leave keyed hashes only, inside the caller's transaction. A proof is hashed too: ids of messages hold numbers."""
    key = _key(connection)
    rows = connection.execute(_OF_CONTACT, (contact.channel_id, contact.contact_id)).fetchall()
    for seq, proof in rows:
        connection.execute(_FORGET, ("hmac:" + _digest(key, proof).hex(), seq))
    return len(rows)


def move_wishes(connection: sqlite3.Connection, channel_id: str, previous: str, current: str) -> None:
    """The customer kept her mind when she changed her id. Inside the caller's transaction."""
    key = _key(connection)
    before, now = (_subject(key, ContactKey(channel_id, contact_id)) for contact_id in (previous, current))
    connection.execute(_MOVE, (current, now, channel_id, previous, before))


def _key(connection: sqlite3.Connection) -> bytes:
    return bytes(connection.execute(_KEY).fetchone()[0])


def _subject(key: bytes, contact: ContactKey) -> bytes:
    return _digest(key, f"{contact.channel_id}\n{contact.contact_id}")


def _digest(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(errors="replace"), hashlib.sha256)

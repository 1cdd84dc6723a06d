"""Dead letters of the three tables that have them."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from typing import Final

from runtime.ports.dead_letter_store import DeadLetterStore, Revived
from runtime.ports.inbox_store import ContactKey
from runtime.store.instants import to_micros
from runtime.store.sqlite.command_mark import is_carried_out, mark_carried_out
from runtime.store.sqlite.reader import Row
from runtime.store.sqlite.writer import Writer

_RESEND: Final = {
    # Without a fingerprint it is not judged: what was too much is wanted now.
    "inbound": "UPDATE inbox SET state = 'pending', attempts = 0, run_id = NULL, error = NULL, finished_at = NULL,"
    " fingerprint = 0 WHERE seq = :id AND state = 'dead' RETURNING channel_id, contact_id",
    "outbound": "UPDATE outbox SET state = 'pending', attempts = 0, unknowns = 0, not_before = 0, error = NULL,"
    " delivery = NULL, provider_message_id = NULL, updated_at = :at"
    " WHERE id = :id AND state = 'dead' RETURNING channel_id, contact_id",
    "notice": "UPDATE staff_notice SET state = 'pending', attempts = 0, not_before = 0, error = NULL,"
    " updated_at = :at WHERE id = :id AND state = 'dead' RETURNING channel_id, contact_id",
}

_DROP: Final = {
    "inbound": "UPDATE inbox SET state = 'done', event = '{}' WHERE seq = :id AND state = 'dead' RETURNING 1",
    "outbound": "DELETE FROM outbox WHERE id = :id AND state = 'dead' RETURNING 1",
    "notice": "DELETE FROM staff_notice WHERE id = :id AND state = 'dead' RETURNING 1",
}


class SQLiteDeadLetterStore(DeadLetterStore):
    """See ``DeadLetterStore``."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    async def resend(self, letter_id: str, *, command_id: str, at: datetime) -> Revived | None:
        found = await self._change(_RESEND, letter_id, command_id, to_micros(at))
        if found is None:
            return None
        return Revived(ContactKey(found[0], found[1]) if found else None)

    async def drop(self, letter_id: str, *, command_id: str) -> bool:
        return await self._change(_DROP, letter_id, command_id, 0) is not None

    async def _change(self, statements: dict[str, str], letter_id: str, command_id: str, at: int) -> Row | None:
        """What the statement returned; empty where the command had changed the letter before."""
        kind, _, row_id = letter_id.partition(":")
        statement = statements.get(kind)
        if statement is None:
            return None

        def work(connection: sqlite3.Connection) -> Row | None:
            if is_carried_out(connection, command_id):
                return ()
            found = connection.execute(statement, {"id": row_id, "at": at}).fetchall()
            if found:
                mark_carried_out(connection, command_id)
            return found[0] if found else None

        return await self._writer.write(work)

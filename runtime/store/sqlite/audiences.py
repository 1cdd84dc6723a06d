"""Standing schedules handed out to their contacts."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from runtime.errors import ClaimLostError
from runtime.ports.audience_store import AudienceStore, ContactTask, HandedOut, Unreached
from runtime.ports.inbox_store import Claim, ContactKey, DueTask
from runtime.store.event_codec import encode_event
from runtime.store.instants import from_micros, to_micros
from runtime.store.sqlite.inbox import INSERT as INSERT_INBOX
from runtime.store.sqlite.reader import Reader
from runtime.store.sqlite.writer import Writer
from runtime.store.task_identity import event_id

_DONE = """
    UPDATE inbox SET steps = steps + 1, state = 'done', finished_at = ?
    WHERE seq = ? AND run_id = ? AND state = 'claimed'
"""

LATEST = """
    SELECT channel_id, json_extract(snapshot, '$.channel') FROM conversation
    WHERE contact_id = ? ORDER BY updated_at DESC LIMIT 1
"""

_UNREACHED = """
    INSERT INTO unreached (schedule_id, due_at, contact_id, at) VALUES (?, ?, ?, ?)
    ON CONFLICT (schedule_id, due_at, contact_id) DO NOTHING
"""


class SQLiteAudienceStore(AudienceStore):
    """See ``AudienceStore``."""

    def __init__(self, writer: Writer, reader: Reader) -> None:
        self._writer = writer
        self._reader = reader

    async def hand_out(self, claim: Claim, run: DueTask, tasks: Sequence[ContactTask], *, at: datetime) -> HandedOut:
        now = to_micros(at)
        encoded = [(found.contact_id, found.task, *encode_event(found.task)) for found in tasks]

        def work(connection: sqlite3.Connection) -> HandedOut:
            if not connection.execute(_DONE, (now, claim.seq, claim.run_id)).rowcount:
                raise ClaimLostError(f"event {claim.seq} is not claimed by this run")
            reached: set[ContactKey] = set()
            unreached: dict[str, None] = {}
            for contact_id, task, kind, text in encoded:
                line = connection.execute(LATEST, (contact_id,)).fetchone()
                if line is None:
                    unreached[contact_id] = None
                    continue
                contact = ContactKey(line[0], contact_id)
                row = (contact.channel_id, kind, event_id(contact, task), line[1], contact_id, text, now, 0, 0)
                if connection.execute(INSERT_INBOX, row).rowcount:
                    reached.add(contact)
            missing = [(run.idempotency_key, to_micros(run.due_at), contact_id, now) for contact_id in unreached]
            connection.executemany(_UNREACHED, missing)
            return HandedOut(frozenset(reached), tuple(unreached))

        return await self._writer.write(work)

    async def unreached(self, schedule_id: str) -> Sequence[Unreached]:
        rows = self._reader.rows(
            "SELECT due_at, contact_id FROM unreached WHERE schedule_id = ? ORDER BY seq", schedule_id
        )
        return [Unreached(schedule_id, from_micros(due_at), contact_id) for due_at, contact_id in rows]

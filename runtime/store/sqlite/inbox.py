"""The inbox table."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from datetime import datetime

from flow_engine.conversation_codec import decode_state
from runtime.errors import ClaimLostError
from runtime.ports.inbox import InboundEnvelope
from runtime.ports.inbox_store import Accepted, Claim, ClaimedEvent, ContactKey, DueTask, InboxStore
from runtime.store.event_codec import decode_event, encode_event
from runtime.store.instants import from_micros, to_micros
from runtime.store.sqlite.reader import Reader, Row
from runtime.store.sqlite.steps import add_failure
from runtime.store.sqlite.writer import Writer
from runtime.store.task_identity import event_id

INSERT = """
    INSERT INTO inbox (channel_id, kind, message_id, profile, contact_id, event, received_at)
    VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (channel_id, kind, message_id) DO NOTHING
"""

_OLDEST_OPEN = """
    SELECT seq, attempts, error FROM inbox
    WHERE channel_id = ? AND contact_id = ? AND state IN ('pending', 'claimed')
    ORDER BY seq LIMIT 1
"""

_CLAIM = """
    UPDATE inbox SET state = 'claimed', attempts = attempts + 1, run_id = ?
    WHERE seq = ?
    RETURNING seq, profile, kind, event, received_at, attempts, steps
"""

SELECT_SNAPSHOT = "SELECT snapshot FROM conversation WHERE channel_id = ? AND contact_id = ?"

_PARK = "UPDATE inbox SET state = 'dead', error = ?, finished_at = ? WHERE seq = ?"

KILLED = "the process ended during every attempt"


class SQLiteInboxStore(InboxStore):
    """See ``InboxStore``."""

    def __init__(self, writer: Writer, reader: Reader) -> None:
        self._writer = writer
        self._reader = reader

    async def accept(self, batch: Sequence[InboundEnvelope], at: datetime) -> Accepted:
        received = to_micros(at)
        rows = []
        for envelope in batch:
            kind, text = encode_event(envelope.message)
            message = envelope.message
            rows.append((envelope.channel_id, kind, message.id, envelope.profile, message.contact_id, text, received))

        def work(connection: sqlite3.Connection) -> Accepted:
            contacts = set()
            stored = 0
            for row in rows:
                if connection.execute(INSERT, row).rowcount:
                    stored += 1
                    contacts.add(ContactKey(row[0], row[4]))
            return Accepted(stored, len(rows) - stored, frozenset(contacts))

        return await self._writer.write(work)

    async def enter(self, contact: ContactKey, profile: str, task: DueTask, at: datetime) -> bool:
        kind, text = encode_event(task)
        row = (contact.channel_id, kind, event_id(contact, task), profile, contact.contact_id, text, to_micros(at))
        return await self._writer.write(lambda connection: connection.execute(INSERT, row).rowcount == 1)

    async def keep_raw(self, channel_id: str, body: bytes, reason: str, at: datetime) -> None:
        def work(connection: sqlite3.Connection) -> None:
            connection.execute(
                "INSERT INTO raw_inbound (channel_id, body, reason, received_at) VALUES (?, ?, ?, ?)",
                (channel_id, body, reason, to_micros(at)),
            )

        await self._writer.write(work)

    async def release_claims_of_dead_runs(self, run_id: str) -> int:
        def work(connection: sqlite3.Connection) -> int:
            return connection.execute(
                "UPDATE inbox SET state = 'pending', run_id = NULL WHERE state = 'claimed' AND run_id <> ?", (run_id,)
            ).rowcount

        return await self._writer.write(work)

    async def contacts_waiting(self) -> Sequence[ContactKey]:
        found = self._reader.rows(
            "SELECT channel_id, contact_id FROM inbox WHERE state IN ('pending', 'claimed')"
            " GROUP BY channel_id, contact_id ORDER BY min(seq)"
        )
        return [ContactKey(channel, contact) for channel, contact in found]

    async def claim(self, contact: ContactKey, run_id: str, *, max_attempts: int, at: datetime) -> ClaimedEvent | None:
        line = (contact.channel_id, contact.contact_id)

        def work(connection: sqlite3.Connection) -> tuple[Row, Row | None] | None:
            while found := connection.execute(_OLDEST_OPEN, line).fetchall():
                seq, attempts, error = found[0]
                if attempts < max_attempts:
                    claimed = connection.execute(_CLAIM, (run_id, seq)).fetchall()[0]
                    return claimed, connection.execute(SELECT_SNAPSHOT, line).fetchone()
                connection.execute(_PARK, (error or KILLED, to_micros(at), seq))
                add_failure(connection, seq, error or KILLED, to_micros(at))
            return None

        found = await self._writer.write(work)
        # Decoding belongs on this side: the writer's thread is everybody's.
        return None if found is None else _claimed(contact, run_id, *found)

    async def fail(self, claim: Claim, error: str, *, max_attempts: int, at: datetime) -> bool:
        def work(connection: sqlite3.Connection) -> bool:
            found = connection.execute(
                "UPDATE inbox SET error = ?, run_id = NULL,"
                " state = CASE WHEN attempts >= ? THEN 'dead' ELSE 'pending' END,"
                " finished_at = CASE WHEN attempts >= ? THEN ? END"
                " WHERE seq = ? AND run_id = ? AND state = 'claimed' RETURNING state",
                (error, max_attempts, max_attempts, to_micros(at), claim.seq, claim.run_id),
            ).fetchall()
            if not found:
                raise ClaimLostError(f"event {claim.seq} is not claimed by this run")
            parked = bool(found[0][0] == "dead")
            if parked:
                add_failure(connection, claim.seq, error, to_micros(at))
            return parked

        return await self._writer.write(work)


def _claimed(contact: ContactKey, run_id: str, event: Row, conversation: Row | None) -> ClaimedEvent:
    seq, profile, kind, text, received_at, attempts, steps = event
    return ClaimedEvent(
        claim=Claim(seq, run_id),
        contact=contact,
        profile=profile,
        event=decode_event(kind, text),
        received_at=from_micros(received_at),
        attempts=attempts,
        started=steps > 0,
        snapshot=None if conversation is None else decode_state(json.loads(conversation[0])),
    )

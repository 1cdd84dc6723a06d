"""The inbox table."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime, timedelta

from flow_engine.conversation_codec import decode_state
from flow_engine.messages import InternalMessage
from runtime.burst import BurstWindow, joined, may_be_joined
from runtime.errors import ClaimLostError
from runtime.ports.conversation_store import BURST_TASK
from runtime.ports.inbox import InboundEnvelope
from runtime.ports.inbox_store import Accepted, Claim, ClaimedEvent, ContactKey, DueTask, InboxStore, RefusedEvent
from runtime.ports.inbox_traffic import Judge
from runtime.store.event_codec import decode_event, encode_event, encode_json
from runtime.store.fingerprint import fingerprint
from runtime.store.instants import from_micros, to_micros
from runtime.store.json_bytes import from_bytes
from runtime.store.sqlite.accepting import accept_together, insert_of, is_one_statement
from runtime.store.sqlite.claiming import ClaimedRows, Claiming
from runtime.store.sqlite.erased_messages import never_erased
from runtime.store.sqlite.reader import Reader, Row
from runtime.store.sqlite.steps import add_failure
from runtime.store.sqlite.task_rows import cancel_tasks
from runtime.store.sqlite.traffic import unpause
from runtime.store.sqlite.writer import Writer
from runtime.store.task_identity import event_id

OPEN = "state IN ('pending', 'claimed')"
"""What the index of open rows covers. Said beside a narrower condition, or all that ever came is looked through."""

MICROSECOND = timedelta(microseconds=1)

INSERT = insert_of(1)

_HOLD = f"""
    INSERT INTO scheduled_task (channel_id, contact_id, profile, idempotency_key, task, data, timezone, due_at,
                                updated_at)
    VALUES (:channel_id, :contact_id, :profile, '{BURST_TASK}', '{BURST_TASK}', :data, 'UTC', :due_at, :at)
    ON CONFLICT (channel_id, contact_id, idempotency_key) DO UPDATE SET
        due_at = iif(state = 'scheduled', min(excluded.due_at, json_extract(data, '$.latest')), excluded.due_at),
        data = iif(state = 'scheduled', data, excluded.data), state = 'scheduled', updated_at = excluded.updated_at
"""  # noqa: S608 - a constant of ours
"""``data.latest`` is the moment beyond which the first text of the burst does not wait."""


class SQLiteInboxStore(InboxStore):
    """See ``InboxStore``."""

    def __init__(self, writer: Writer, reader: Reader) -> None:
        self._writer = writer
        self._reader = reader

    async def accept(
        self, batch: Sequence[InboundEnvelope], at: datetime, *, burst: BurstWindow | None = None
    ) -> Accepted:
        received = to_micros(at)
        rows = [_row(envelope, received, joinable=burst is not None) for envelope in batch]

        def work(connection: sqlite3.Connection) -> Accepted:
            contacts = set()
            stored = 0
            for row in never_erased(connection, rows):
                if connection.execute(INSERT, row).rowcount:
                    stored += 1
                    contact = ContactKey(row[0], row[4])
                    contacts.add(contact)
                    if burst is not None:
                        _hold_or_let_go(connection, contact, row, burst)
            return Accepted(stored, len(rows) - stored, frozenset(contacts))

        if burst is None:
            return await self._writer.write_together(accept_together, rows, work, is_one_statement)
        return await self._writer.write(work)

    async def enter(self, contact: ContactKey, profile: str, task: DueTask, at: datetime) -> bool:
        kind, text = encode_event(task)
        head = (contact.channel_id, kind, event_id(contact, task), profile, contact.contact_id, text, to_micros(at))
        row = (*head, 0, 0)
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
                "UPDATE inbox INDEXED BY inbox_open SET state = 'pending', run_id = NULL"  # noqa: S608 - a constant of ours
                f" WHERE {OPEN} AND state = 'claimed' AND run_id <> ?",
                (run_id,),
            ).rowcount

        return await self._writer.write(work)

    async def contacts_waiting(self) -> Sequence[ContactKey]:
        found = self._reader.rows(
            "SELECT channel_id, contact_id FROM inbox INDEXED BY inbox_open WHERE state IN ('pending', 'claimed')"
            " GROUP BY channel_id, contact_id ORDER BY min(seq)"
        )
        return [ContactKey(channel, contact) for channel, contact in found]

    async def contacts_tried(self, times: int) -> Sequence[ContactKey]:
        found = self._reader.rows(
            "SELECT channel_id, contact_id FROM inbox INDEXED BY inbox_open"
            " WHERE state IN ('pending', 'claimed') AND attempts >= ?"
            " GROUP BY channel_id, contact_id ORDER BY min(seq)",
            times,
        )
        return [ContactKey(channel, contact) for channel, contact in found]

    async def claim(
        self, contact: ContactKey, run_id: str, *, max_attempts: int, at: datetime, judge: Judge | None = None
    ) -> ClaimedEvent | RefusedEvent | None:
        found = await self._writer.write(Claiming(contact, run_id, max_attempts, to_micros(at), judge))
        # Decoding belongs on this side: the writer's thread is everybody's.
        return _claimed(contact, found) if isinstance(found, ClaimedRows) else found

    async def fail(self, claim: Claim, error: str, *, max_attempts: int, at: datetime) -> bool:
        def work(connection: sqlite3.Connection) -> bool:
            found = connection.execute(
                "UPDATE inbox SET error = ?, run_id = NULL,"
                " state = CASE WHEN attempts >= ? THEN 'dead' ELSE 'pending' END,"
                " finished_at = CASE WHEN attempts >= ? THEN ? END"
                " WHERE seq = ? AND run_id = ? AND state = 'claimed' RETURNING state, steps",
                (error, max_attempts, max_attempts, to_micros(at), claim.seq, claim.run_id),
            ).fetchall()
            if not found:
                raise ClaimLostError(f"event {claim.seq} is not claimed by this run")
            state, steps = found[0]
            connection.executemany(
                "UPDATE inbox SET state = ?, run_id = NULL WHERE seq = ? AND state = 'claimed'",
                [(state if steps else "pending", seq) for seq in claim.joined],
            )
            parked = bool(state == "dead")
            if parked:
                add_failure(connection, claim.seq, error, to_micros(at))
            return parked

        return await self._writer.write(work)

    async def unpause(self, contact: ContactKey) -> bool:
        return await self._writer.write(lambda connection: unpause(connection, contact))


def _row(
    envelope: InboundEnvelope, received: int, *, joinable: bool
) -> tuple[str, str, str, str, str, str, int, int, int]:
    message = envelope.message
    kind, text = encode_event(message)
    held = int(joinable and may_be_joined(message))
    where = (envelope.channel_id, kind, message.id, envelope.profile, message.contact_id)
    return (*where, text, received, fingerprint(message), held)


def _hold_or_let_go(connection: sqlite3.Connection, contact: ContactKey, row: Row, burst: BurstWindow) -> None:
    *_, received, _, joinable = row
    if not joinable:
        cancel_tasks(connection, contact, (BURST_TASK,), received)
        return
    values = {
        "channel_id": contact.channel_id,
        "contact_id": contact.contact_id,
        "profile": row[3],
        "data": encode_json({"latest": received + burst.longest // MICROSECOND}),
        "due_at": received + burst.window // MICROSECOND,
        "at": received,
    }
    connection.execute(_HOLD, values)


def _claimed(contact: ContactKey, found: ClaimedRows) -> ClaimedEvent:
    event = decode_event(found.kind, found.event)
    if found.joined_events and isinstance(event, InternalMessage):
        later = [decode_event(found.kind, text) for text in found.joined_events]
        event = joined([event, *(each for each in later if isinstance(each, InternalMessage))])
    return ClaimedEvent(
        claim=found.claim,
        contact=contact,
        profile=found.profile,
        event=event,
        received_at=from_micros(found.received_at),
        attempts=found.attempts,
        started=found.steps > 0,
        snapshot=None if found.snapshot is None else decode_state(from_bytes(found.snapshot)),
        serial=found.serial,
        more=found.more,
    )

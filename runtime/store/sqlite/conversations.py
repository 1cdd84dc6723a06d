"""The conversation table, and the transaction that ends a step."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from flow_engine.conversation_codec import decode_state, encode_state
from flow_engine.conversation_state import ConversationState
from flow_engine.outputs.codec import encode_output
from runtime.errors import ClaimLostError
from runtime.ports.conversation_store import ConversationStore, Outcome, StepCommit
from runtime.ports.inbox_store import ContactKey
from runtime.store.earlier_texts import earlier_texts
from runtime.store.event_codec import MESSAGE, decode_event, encode_json
from runtime.store.instants import to_micros
from runtime.store.json_bytes import from_bytes, to_bytes
from runtime.store.sqlite.claiming import SELECT_SNAPSHOT
from runtime.store.sqlite.consent import enter_recorded_wishes
from runtime.store.sqlite.corrections import STAFF_HAS_WRITTEN, staff_has_written, withhold_replies
from runtime.store.sqlite.notices import add_notices
from runtime.store.sqlite.reader import Reader, Row
from runtime.store.sqlite.steps import add_step, step_row
from runtime.store.sqlite.task_rows import cancel_tasks, plan_tasks
from runtime.store.sqlite.writer import Writer

_PROGRESS = f"""
    UPDATE inbox SET steps = steps + 1, attempts = CASE WHEN :done THEN attempts ELSE 0 END,
        state = CASE WHEN :done THEN 'done' ELSE 'claimed' END, finished_at = CASE WHEN :done THEN :at END
    WHERE seq = :seq AND run_id = :run_id AND state = 'claimed'
    RETURNING contact_id, kind = 'task', message_id, {STAFF_HAS_WRITTEN}
"""  # noqa: S608 - a constant of ours

_JOINED_DONE = "UPDATE inbox SET state = 'done', steps = 1, finished_at = ? WHERE seq = ? AND state = 'claimed'"

_SNAPSHOT = """
    INSERT INTO conversation (channel_id, contact_id, conversation_id, snapshot, bundle_serial, updated_at, state)
    VALUES (?, ?, ?, CAST(? AS TEXT), ?, ?, ?)
    ON CONFLICT (channel_id, contact_id) DO UPDATE SET snapshot = excluded.snapshot,
        conversation_id = excluded.conversation_id,
        bundle_serial = excluded.bundle_serial, updated_at = excluded.updated_at, state = excluded.state
"""

_MESSAGE = """
    INSERT INTO outbox (id, channel_id, contact_id, output, created_at, updated_at, initiated)
    VALUES (?, ?, ?, CAST(? AS TEXT), ?, ?, ?)
"""

_OUTCOME = """
    INSERT INTO outcome (id, channel_id, contact_id, kind, name, value, at) VALUES (?, ?, ?, ?, ?, ?, ?)
"""

_OUTCOMES = "SELECT id, kind, name, value FROM outcome WHERE channel_id = ? AND contact_id = ? ORDER BY seq"


_EARLIER = """
    SELECT event FROM inbox
    WHERE kind = 'message' AND channel_id = ? AND contact_id = ? AND seq < ? AND received_at >= ?
    ORDER BY seq DESC LIMIT ?
"""


class SQLiteConversationStore(ConversationStore):
    """See ``ConversationStore``."""

    def __init__(self, writer: Writer, reader: Reader) -> None:
        self._writer = writer
        self._reader = reader

    async def load(self, contact: ContactKey) -> ConversationState | None:
        found = self._reader.row(SELECT_SNAPSHOT, contact.channel_id, contact.contact_id)
        return None if found is None else decode_state(from_bytes(found[0]))

    async def earlier_texts(self, contact: ContactKey, *, before: int, since: datetime, limit: int) -> Sequence[str]:
        line = (contact.channel_id, contact.contact_id)
        rows = self._reader.rows(_EARLIER, *line, before, to_micros(since), limit)
        return earlier_texts(decode_event(MESSAGE, event) for (event,) in reversed(rows))

    async def commit_step(self, step: StepCommit) -> None:
        at = to_micros(step.at)
        prepared = _Rows.of(step)

        def work(connection: sqlite3.Connection) -> None:
            line = {"channel_id": step.contact.channel_id, "contact_id": step.contact.contact_id}
            progress = {"done": step.done, "at": at, "seq": step.claim.seq, "run_id": step.claim.run_id, **line}
            found = connection.execute(_PROGRESS, progress).fetchall()
            if not found:
                raise ClaimLostError(f"event {step.claim.seq} is not claimed by this run")
            owner, initiated, message_id, staff_wrote = found[0]
            if step.done and step.claim.joined:
                connection.executemany(_JOINED_DONE, [(at, seq) for seq in step.claim.joined])
            # Rarely the customer has got another id while this was worked on.
            kept = prepared
            if owner != step.contact.contact_id:
                kept = _Rows.of(_under(step, owner))
                staff_wrote = staff_has_written(connection, kept.step.contact)
            kept.insert(connection, initiated=initiated)
            if staff_wrote and step.messages:
                withhold_replies(connection, kept.step.contact, at)
            enter_recorded_wishes(connection, kept.step, message_id)

        await self._writer.write(work)

    async def outcomes(self, contact: ContactKey) -> Sequence[Outcome]:
        rows = self._reader.rows(_OUTCOMES, contact.channel_id, contact.contact_id)
        return [Outcome(row[0], row[1], row[2], json.loads(row[3])) for row in rows]


def _under(step: StepCommit, contact_id: str) -> StepCommit:
    contact = ContactKey(step.contact.channel_id, contact_id)
    notices = tuple(replace(notice, contact=contact) for notice in step.notices)
    return replace(step, contact=contact, notices=notices, snapshot=step.snapshot.changed(contact_id=contact_id))


@dataclass(frozen=True, slots=True)
class _Rows:
    """What a step leaves, encoded on the event loop's side: the writer's thread is everybody's."""

    step: StepCommit
    at: int
    snapshot: Row
    record: Row | None
    messages: Sequence[Row]
    outcomes: Sequence[Row]

    @classmethod
    def of(cls, step: StepCommit) -> Self:
        at, key = to_micros(step.at), (step.contact.channel_id, step.contact.contact_id)
        encoded = to_bytes(encode_state(step.snapshot))
        resting = (step.bundle_serial, at, step.snapshot.state)
        return cls(
            step,
            at,
            (*key, step.snapshot.conversation_id, encoded, *resting),
            step_row(step),
            [(message.id, *key, to_bytes(encode_output(message.output)), at, at) for message in step.messages],
            [(found.id, *key, found.kind, found.name, encode_json(found.value), at) for found in step.outcomes],
        )

    def insert(self, connection: sqlite3.Connection, *, initiated: int) -> None:
        """Inside the step's transaction."""
        step = self.step
        connection.execute(_SNAPSHOT, self.snapshot)
        if self.record is not None:
            add_step(connection, self.record)
        for row in self.messages:
            connection.execute(_MESSAGE, (*row, initiated))
        if self.outcomes:
            connection.executemany(_OUTCOME, self.outcomes)
        if step.notices:
            add_notices(connection, step.notices, self.at)
        cancel_tasks(connection, step.contact, step.cancelled_keys, self.at)
        plan_tasks(connection, step.contact, step.snapshot.channel, step.tasks, self.at)

"""The table of steps: one row a step, written in the step's own transaction, read when a report is made."""

from __future__ import annotations

import json
import sqlite3
from typing import Final

from flow_engine.trace import encode_trace
from runtime.ports.conversation_store import StepCommit
from runtime.ports.inbox_store import ContactKey
from runtime.ports.telemetry_store import StepRow
from runtime.store.event_codec import encode_json
from runtime.store.instants import from_micros, to_micros
from runtime.store.json_bytes import to_text
from runtime.store.sqlite.reader import Row

COLUMNS: Final = (
    "seq, event_seq, channel_id, contact_id, conversation_id, bundle_serial, at, event, done,"
    " state_before, state_after, trace, outcomes, message_ids, duration_us, error"
)

_INSERT = """
    INSERT INTO step (event_seq, channel_id, contact_id, conversation_id, bundle_serial, at, event, done,
                      state_before, state_after, trace, outcomes, message_ids, duration_us, answer)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
"""

# A turn that was given up: what it was about stands in the inbox, which step it died in nobody knows.
_INSERT_FAILED = """
    INSERT INTO step (event_seq, channel_id, contact_id, conversation_id, bundle_serial, at, event, done,
                      trace, outcomes, message_ids, duration_us, error)
    SELECT inbox.seq, inbox.channel_id, inbox.contact_id, coalesce(conversation.conversation_id, ''),
           coalesce(conversation.bundle_serial, 0), :at, 'failed', 1, '[]', '[]', '[]', 0, :error
    FROM inbox LEFT JOIN conversation USING (channel_id, contact_id) WHERE inbox.seq = :seq
"""


def step_row(step: StepCommit) -> Row | None:
    """The row of a step, encoded on the event loop's side; ``None`` where nobody records."""
    record = step.record
    if record is None:
        return None
    return (
        step.claim.seq,
        step.contact.channel_id,
        step.contact.contact_id,
        step.snapshot.conversation_id,
        step.bundle_serial,
        to_micros(step.at),
        record.event,
        int(step.done),
        record.state_before,
        step.snapshot.state,
        to_text([encode_trace(entry) for entry in record.trace]),
        to_text([{"id": found.id, "kind": found.kind, "name": found.name} for found in step.outcomes]),
        to_text([message.id for message in step.messages]),
        record.duration_us,
        None if record.answer is None else encode_json(record.answer),
    )


def add_step(connection: sqlite3.Connection, row: Row) -> None:
    """Inside the step's transaction."""
    connection.execute(_INSERT, row)


def add_failure(connection: sqlite3.Connection, seq: int, error: str, at: int) -> None:
    """A parked event as a turn with an error (``Class: detail``), inside the parking's transaction."""
    kind, _, detail = error.partition(": ")
    text = encode_json({"kind": kind if detail else "killed", "detail": detail or error})
    connection.execute(_INSERT_FAILED, {"seq": seq, "at": at, "error": text})


def read_step(row: Row) -> StepRow:
    """A row of ``COLUMNS``."""
    return StepRow(
        seq=row[0],
        event_seq=row[1],
        contact=ContactKey(row[2], row[3]),
        conversation_id=row[4],
        serial=row[5],
        at=from_micros(row[6]),
        event=row[7],
        done=bool(row[8]),
        state_before=row[9],
        state_after=row[10],
        trace=json.loads(row[11]),
        outcomes=json.loads(row[12]),
        message_ids=json.loads(row[13]),
        duration_ms=row[14] / 1000,
        error=None if row[15] is None else json.loads(row[15]),
    )

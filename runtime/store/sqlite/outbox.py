"""The outbox table, and the delivery reports that belong to it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import assert_never

from flow_engine.effects import SendMessage
from flow_engine.outputs.codec import decode_output, encode_output
from runtime.ports.channel_adapter import OutboundMessage
from runtime.ports.inbox import DeliveryStatus
from runtime.ports.inbox_store import ContactKey
from runtime.ports.outbox_store import (
    Dead,
    NotBefore,
    OutboxStore,
    PutBack,
    Retry,
    SendOutcome,
    Sent,
    TakenMessage,
    Unknown,
)
from runtime.ports.outgoing_messages import OutgoingMessage
from runtime.store.instants import from_micros, to_micros
from runtime.store.json_bytes import from_bytes, to_bytes
from runtime.store.sqlite.delivery import apply_earlier_reports, record
from runtime.store.sqlite.reader import Reader, Row
from runtime.store.sqlite.writer import Writer

_ADD = """
    INSERT INTO outbox (id, channel_id, contact_id, output, created_at, updated_at)
    VALUES (?, ?, ?, CAST(? AS TEXT), ?, ?)
    ON CONFLICT (id) DO NOTHING
"""

OPEN = "state IN ('pending', 'sending', 'unknown')"
"""What the index of open rows covers. Said beside a narrower condition, or all that was ever said is looked through."""

_OLDEST_OPEN = """
    SELECT not_before FROM outbox INDEXED BY outbox_open
    WHERE channel_id = ? AND contact_id = ? AND state IN ('pending', 'sending', 'unknown')
    ORDER BY seq LIMIT 1
"""

# not_before is set for the case that the attempt is never settled; settling overwrites it.
_TAKE = """
    UPDATE outbox SET state = 'sending', attempts = attempts + 1, run_id = ?, not_before = ?, updated_at = ?,
        taken_at = ?
    WHERE seq = (SELECT seq FROM outbox INDEXED BY outbox_open WHERE channel_id = ? AND contact_id = ?
            AND state IN ('pending', 'sending', 'unknown') ORDER BY seq LIMIT 1)
        AND not_before <= ? AND ?
    RETURNING id, CAST(output AS BLOB), attempts, unknowns, created_at, initiated
"""

_SETTLE = """
    UPDATE outbox SET state = :state, not_before = :not_before, error = :error, updated_at = :at,
        attempts = attempts - :uncounted, unknowns = unknowns + (:state = 'unknown')
    WHERE id = :id AND state = 'sending'
"""

_SENT = """
    UPDATE outbox SET state = 'sent', provider_message_id = ?, error = NULL, updated_at = ?
    WHERE id = ? AND state IN ('sending', 'unknown')
"""

_AFTER = f"""
    SELECT channel_id, EXISTS (SELECT 1 FROM delivery_status AS told
        WHERE told.channel_id = this.channel_id AND told.provider_message_id = :provider_message_id),
        EXISTS (SELECT 1 FROM outbox AS other INDEXED BY outbox_open
            WHERE other.channel_id = this.channel_id AND other.contact_id = this.contact_id AND other.{OPEN})
    FROM outbox AS this WHERE id = :id
"""  # noqa: S608 - a constant of ours
"""Whether the message was reported on before its id was known, and whether its contact has something open."""


class SQLiteOutboxStore(OutboxStore):
    """See ``OutboxStore``."""

    def __init__(self, writer: Writer, reader: Reader) -> None:
        self._writer = writer
        self._reader = reader

    async def recover(self, run_id: str, *, resend_at: datetime) -> int:
        def work(connection: sqlite3.Connection) -> int:
            connection.execute(
                "UPDATE outbox INDEXED BY outbox_open SET not_before = max(not_before, ?)"  # noqa: S608 - a constant of ours
                f" WHERE {OPEN} AND state = 'unknown'",
                (to_micros(resend_at),),
            )
            return connection.execute(
                "UPDATE outbox INDEXED BY outbox_open SET state = 'unknown', unknowns = unknowns + 1, not_before = ?,"  # noqa: S608 - as above
                f" error = 'the process ended while sending' WHERE {OPEN} AND state = 'sending' AND run_id <> ?",
                (to_micros(resend_at), run_id),
            ).rowcount

        return await self._writer.write(work)

    async def contacts_waiting(self) -> Sequence[ContactKey]:
        found = self._reader.rows(
            "SELECT channel_id, contact_id FROM outbox INDEXED BY outbox_open"
            " WHERE state IN ('pending', 'sending', 'unknown')"
            " GROUP BY channel_id, contact_id ORDER BY min(seq)"
        )
        return [ContactKey(channel, contact) for channel, contact in found]

    async def add(self, contact: ContactKey, message: SendMessage, *, at: datetime) -> bool:
        moment = to_micros(at)
        output = to_bytes(encode_output(message.output))
        row = (message.id, contact.channel_id, contact.contact_id, output, moment, moment)
        return await self._writer.write(lambda connection: connection.execute(_ADD, row).rowcount == 1)

    async def take(
        self,
        contact: ContactKey,
        run_id: str,
        *,
        at: datetime,
        resend_at: datetime,
        paced_until: datetime | None = None,
    ) -> TakenMessage | NotBefore | None:
        moment, must_rest = to_micros(at), paced_until is not None and paced_until > at
        line = (contact.channel_id, contact.contact_id)
        values = (run_id, to_micros(resend_at), moment, moment, *line, moment, not must_rest)

        def work(connection: sqlite3.Connection) -> Row | NotBefore | None:
            taken: list[Row] = connection.execute(_TAKE, values).fetchall()
            if taken:
                return taken[0]
            found = connection.execute(_OLDEST_OPEN, line).fetchall()
            if not found:
                return None
            (not_before,) = found[0]
            return NotBefore(from_micros(not_before) if not_before > moment or paced_until is None else paced_until)

        found = await self._writer.write(work)
        if found is None or isinstance(found, NotBefore):
            return found
        message_id, output, attempts, unknowns, created_at, initiated = found
        message = OutboundMessage(message_id, contact.contact_id, decode_output(from_bytes(output)), attempts)
        return TakenMessage(message, contact, from_micros(created_at), unknowns, bool(initiated))

    async def attempts_of(self, contact: ContactKey, last: int) -> Sequence[datetime]:
        found = self._reader.rows(
            "SELECT taken_at FROM outbox WHERE channel_id = ? AND contact_id = ? AND taken_at IS NOT NULL"
            " ORDER BY seq DESC LIMIT ?",
            contact.channel_id,
            contact.contact_id,
            last,
        )
        return [from_micros(row[0]) for row in found]

    async def settle(self, message_id: str, outcome: SendOutcome, *, at: datetime) -> bool:
        moment = to_micros(at)

        def work(connection: sqlite3.Connection) -> bool:
            match outcome:
                case Sent(provider_message_id):
                    return _sent(connection, message_id, provider_message_id, moment)
                case Retry(again, error):
                    _settle(connection, message_id, "pending", error, at, not_before=again)
                case Unknown(again, error):
                    _settle(connection, message_id, "unknown", error, at, not_before=again)
                case Dead(error):
                    _settle(connection, message_id, "dead", error, at)
                case PutBack(error):
                    _settle(connection, message_id, "pending", error, at, uncounted=1)
                case _:
                    assert_never(outcome)
            return _is_open(connection, message_id)

        return await self._writer.write(work)

    async def record_statuses(self, batch: Sequence[DeliveryStatus], *, at: datetime) -> frozenset[ContactKey]:
        def work(connection: sqlite3.Connection) -> frozenset[ContactKey]:
            freed = [record(connection, status, to_micros(at)) for status in batch]
            return frozenset(contact for contact in freed if contact is not None)

        return await self._writer.write(work)

    async def list(
        self, channel_id: str, contact_id: str | None = None, after: int = 0, limit: int = 500
    ) -> Sequence[OutgoingMessage]:
        columns = "SELECT seq, id, contact_id, CAST(output AS BLOB), created_at FROM outbox"
        columns += " WHERE channel_id = ? AND seq > ?"
        if contact_id is None:
            found = self._reader.rows(f"{columns} ORDER BY seq LIMIT ?", channel_id, after, limit)
        else:
            found = self._reader.rows(
                f"{columns} AND contact_id = ? ORDER BY seq LIMIT ?", channel_id, after, contact_id, limit
            )
        return [
            OutgoingMessage(seq, message_id, contact, decode_output(from_bytes(output)), from_micros(created_at))
            for seq, message_id, contact, output, created_at in found
        ]


def _sent(connection: sqlite3.Connection, message_id: str, provider_message_id: str, at: int) -> bool:
    """Whether its contact has something open. Reports may have come before the answer to the send."""
    sent = connection.execute(_SENT, (provider_message_id, at, message_id)).rowcount
    found = connection.execute(_AFTER, {"id": message_id, "provider_message_id": provider_message_id}).fetchone()
    if found is None:
        return False
    channel_id, reported, more = found
    if sent and reported:
        apply_earlier_reports(connection, channel_id, provider_message_id, message_id, at)
    return bool(more)


def _is_open(connection: sqlite3.Connection, message_id: str) -> bool:
    """Whether the message's contact has something open."""
    found = connection.execute(_AFTER, {"id": message_id, "provider_message_id": None}).fetchone()
    return found is not None and bool(found[2])


def _settle(
    connection: sqlite3.Connection,
    message_id: str,
    state: str,
    error: str,
    at: datetime,
    *,
    not_before: datetime | None = None,
    uncounted: int = 0,
) -> None:
    values = {
        "state": state,
        "not_before": to_micros(not_before) if not_before is not None else 0,
        "error": error,
        "at": to_micros(at),
        "uncounted": uncounted,
        "id": message_id,
    }
    connection.execute(_SETTLE, values)

"""Delivery reports: stored once each, applied to the message they speak of. Inside the caller's transaction."""

from __future__ import annotations

import sqlite3

from runtime.ports.inbox import DeliveryState, DeliveryStatus
from runtime.ports.inbox_store import ContactKey
from runtime.store.delivery_progress import failure_text, progressed, reading_order
from runtime.store.instants import to_micros
from runtime.store.sqlite.reader import Row

_REPORT = """
    INSERT INTO delivery_status (channel_id, provider_message_id, state, our_id, reported_at, received_at,
                                 error_code, error_detail)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (channel_id, provider_message_id, state) DO NOTHING
"""

_BY_OUR_ID = "SELECT seq, contact_id, state, delivery, attempts FROM outbox WHERE id = ? AND channel_id = ?"
_BY_PROVIDER_ID = """
    SELECT seq, contact_id, state, delivery, attempts FROM outbox WHERE provider_message_id = ? AND channel_id = ?
"""

# A report proves that the provider has the message, so an attempt of unknown result is settled by it.
# What the provider failed to deliver is a dead letter.
_APPLY = """
    UPDATE outbox SET delivery = :delivery, state = CASE :delivery WHEN 'failed' THEN 'dead' ELSE 'sent' END,
        error = :error, updated_at = :at, provider_message_id = coalesce(provider_message_id, :provider_message_id)
    WHERE seq = :seq
"""


def record(connection: sqlite3.Connection, status: DeliveryStatus, at: int) -> ContactKey | None:
    """Store one report; the contact whose line it lets go on, if it settled an open message."""
    row = (
        status.channel_id,
        status.provider_message_id,
        status.state.value,
        status.our_id,
        to_micros(status.at),
        at,
        status.error_code,
        status.error_detail,
    )
    connection.execute(_REPORT, row)
    return _apply(connection, status, at)


def apply_earlier_reports(
    connection: sqlite3.Connection, channel_id: str, provider_message_id: str, message_id: str, at: int
) -> None:
    """Apply what was reported under the provider's id before the send that made it known had returned."""
    reports = connection.execute(
        "SELECT state, error_code, error_detail FROM delivery_status WHERE channel_id = ? AND provider_message_id = ?",
        (channel_id, provider_message_id),
    ).fetchall()
    for state, code, detail in sorted(reports, key=lambda report: reading_order(DeliveryState(report[0]))):
        found = connection.execute(_BY_OUR_ID, (message_id, channel_id)).fetchall()[0]
        _progress(connection, found, DeliveryState(state), failure_text(code, detail), provider_message_id, at)


_OPEN = ("pending", "sending", "unknown")


def _apply(connection: sqlite3.Connection, status: DeliveryStatus, at: int) -> ContactKey | None:
    found = []
    if status.our_id is not None:
        found = connection.execute(_BY_OUR_ID, (status.our_id, status.channel_id)).fetchall()
    if not found:
        found = connection.execute(_BY_PROVIDER_ID, (status.provider_message_id, status.channel_id)).fetchall()
    if not found:
        return None  # kept in delivery_status until a send makes the id known
    _, contact_id, state, _, attempts = found[0]
    if not attempts:
        return None  # we never tried to send it: whoever reports it is mistaken
    error = failure_text(status.error_code, status.error_detail)
    _progress(connection, found[0], status.state, error, status.provider_message_id, at)
    return ContactKey(status.channel_id, contact_id) if state in _OPEN else None


def _progress(
    connection: sqlite3.Connection, message: Row, reported: DeliveryState, error: str, provider_message_id: str, at: int
) -> None:
    seq, _, _, delivery, _ = message
    known = None if delivery is None else DeliveryState(delivery)
    after = progressed(known, reported)
    if after is known:
        return
    connection.execute(
        _APPLY,
        {
            "delivery": after.value,
            "error": error if after is DeliveryState.FAILED else None,
            "at": at,
            "provider_message_id": provider_message_id,
            "seq": seq,
        },
    )

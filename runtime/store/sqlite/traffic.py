"""What is remembered of each contact's recent messages. Inside the caller's transaction."""

from __future__ import annotations

import json
import sqlite3

from runtime.ports.inbox_store import ContactKey
from runtime.ports.inbox_traffic import Traffic
from runtime.store.event_codec import encode_json

_LOAD = """
    SELECT allowance, counted_at, fingerprint, same_at, paused_until FROM contact_traffic
    WHERE channel_id = ? AND contact_id = ?
"""

_SAVE = """
    INSERT INTO contact_traffic (channel_id, contact_id, allowance, counted_at, fingerprint, same_at, paused_until)
    VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (channel_id, contact_id) DO UPDATE SET
        allowance = excluded.allowance, counted_at = excluded.counted_at, fingerprint = excluded.fingerprint,
        same_at = excluded.same_at, paused_until = excluded.paused_until
"""

_UNPAUSE = """
    UPDATE contact_traffic SET paused_until = 0, same_at = '[]'
    WHERE channel_id = ? AND contact_id = ? AND paused_until > 0
"""


def load_traffic(connection: sqlite3.Connection, contact: ContactKey) -> Traffic | None:
    """``None`` for a contact whose first message this is."""
    row = connection.execute(_LOAD, (contact.channel_id, contact.contact_id)).fetchone()
    return None if row is None else Traffic(row[0], row[1], row[2], tuple(json.loads(row[3])), row[4])


def save_traffic(connection: sqlite3.Connection, contact: ContactKey, traffic: Traffic) -> None:
    row = (traffic.allowance, traffic.counted_at, traffic.fingerprint, encode_json(traffic.same_at))
    connection.execute(_SAVE, (contact.channel_id, contact.contact_id, *row, traffic.paused_until))


def unpause(connection: sqlite3.Connection, contact: ContactKey) -> bool:
    """Answer this contact again; whether it was paused."""
    return connection.execute(_UNPAUSE, (contact.channel_id, contact.contact_id)).rowcount == 1

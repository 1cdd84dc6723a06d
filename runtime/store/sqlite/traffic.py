"""What is remembered of each contact's recent messages. Inside the caller's transaction."""

from __future__ import annotations

import json
import sqlite3

from runtime.ports.inbox_store import ContactKey
from runtime.ports.inbox_traffic import Traffic
from runtime.store.event_codec import encode_json

_LOAD = """
    SELECT allowance, counted_at, seen, paused_until FROM contact_traffic
    WHERE channel_id = ? AND contact_id = ?
"""

_SAVE = """
    INSERT INTO contact_traffic (channel_id, contact_id, allowance, counted_at, seen, paused_until)
    VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (channel_id, contact_id) DO UPDATE SET
        allowance = excluded.allowance, counted_at = excluded.counted_at, seen = excluded.seen,
        paused_until = excluded.paused_until
"""

_UNPAUSE = """
    UPDATE contact_traffic SET paused_until = 0, seen = '[]'
    WHERE channel_id = ? AND contact_id = ? AND paused_until > 0
"""


def load_traffic(connection: sqlite3.Connection, contact: ContactKey) -> Traffic | None:
    """``None`` for a contact whose first message this is."""
    row = connection.execute(_LOAD, (contact.channel_id, contact.contact_id)).fetchone()
    if row is None:
        return None
    allowance, counted_at, seen, paused_until = row
    return Traffic(allowance, counted_at, {said: tuple(times) for said, *times in json.loads(seen)}, paused_until)


def save_traffic(connection: sqlite3.Connection, contact: ContactKey, traffic: Traffic) -> None:
    seen = encode_json([[said, *times] for said, times in traffic.seen.items()])
    row = (contact.channel_id, contact.contact_id, traffic.allowance, traffic.counted_at, seen, traffic.paused_until)
    connection.execute(_SAVE, row)


def unpause(connection: sqlite3.Connection, contact: ContactKey) -> bool:
    """Answer this contact again; whether it was paused."""
    return connection.execute(_UNPAUSE, (contact.channel_id, contact.contact_id)).rowcount == 1

"""Many deliveries accepted by one statement: what a busy webhook does sixty-four times at once.

The rows travel as one JSON text. Values that JSON and SQLite do not agree on make the statement fail or are refused
here; their batches are then stored one by one.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence

import orjson

from runtime.ports.inbox_store import Accepted, ContactKey
from runtime.store.sqlite.erased_messages import never_erased

type InboxRow = tuple[str, str, str, str, str, str, int, int, int]
"""channel_id, kind, message_id, profile, contact_id, event, received_at, fingerprint, joinable"""

_INSERT = """
    INSERT INTO inbox (channel_id, kind, message_id, profile, contact_id, event, received_at, fingerprint, joinable)
    SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5, value ->> 6, value ->> 7,
           value ->> 8
    FROM json_each(?) WHERE true
    ON CONFLICT (channel_id, kind, message_id) DO NOTHING
"""

_LAST = "SELECT coalesce(max(seq), 0) FROM inbox"
_NEW = "SELECT json_group_array(json_array(channel_id, message_id)) FROM inbox WHERE seq > ?"


def accept_together(connection: sqlite3.Connection, batches: Sequence[Sequence[InboxRow]]) -> list[Accepted]:
    """What each batch came to. Of two rows with one id the first is the one that is stored.

    Raises:
        ValueError: a text that would not survive the way.
    """
    rows = [row for batch in batches for row in batch]
    if any("\0" in text for row in rows for text in (row[0], row[2], row[4])):
        raise ValueError("SQLite ends a text from JSON at U+0000")
    last = connection.execute(_LAST).fetchone()[0]
    connection.execute(_INSERT, (orjson.dumps(never_erased(connection, rows)).decode(),))
    new = {(channel, message) for channel, message in json.loads(connection.execute(_NEW, (last,)).fetchone()[0])}
    return [_counted(batch, new) for batch in batches]


def _counted(batch: Sequence[InboxRow], new: set[tuple[str, str]]) -> Accepted:
    contacts = set()
    stored = 0
    for row in batch:
        if (row[0], row[2]) in new:
            new.discard((row[0], row[2]))
            stored += 1
            contacts.add(ContactKey(row[0], row[4]))
    return Accepted(stored, len(batch) - stored, frozenset(contacts))

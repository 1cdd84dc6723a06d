"""Many deliveries accepted by a few statements: what a busy webhook does sixty-four times at once.

Each statement hands the interpreter's lock to and fro, so one statement takes up to sixty-four rows.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from functools import cache

from runtime.ports.inbox_store import Accepted, ContactKey
from runtime.store.sqlite.erased_messages import never_erased

type InboxRow = tuple[str, str, str, str, str, str, int, int, int]
"""channel_id, kind, message_id, profile, contact_id, event, received_at, fingerprint, joinable"""

MOST_ROWS = 64
"""Rows a statement takes."""

EVEN_ROWS = 8
"""Beyond so many they go by multiples of it: two statements for what is left, and fifteen to compile and keep."""

_NEW = """
    SELECT json_group_array(json_array(channel_id, message_id))
    FROM (SELECT channel_id, message_id FROM inbox ORDER BY seq DESC LIMIT ?)
"""


@cache
def insert_of(rows: int) -> str:
    """The statement for so many rows."""
    places = ", ".join(["(?, ?, ?, ?, ?, ?, ?, ?, ?)"] * rows)
    return f"""
        INSERT INTO inbox (channel_id, kind, message_id, profile, contact_id, event, received_at, fingerprint, joinable)
        VALUES {places}
        ON CONFLICT (channel_id, kind, message_id) DO NOTHING
    """  # noqa: S608 - question marks


def accept_together(connection: sqlite3.Connection, batches: Sequence[Sequence[InboxRow]]) -> list[Accepted]:
    """What each batch came to. Of two rows with one id the first is the one that is stored.

    Raises:
        ValueError: repetitions among ids that cannot be told apart here; to be stored one by one.
    """
    rows = [row for batch in batches for row in batch]
    stored = 0
    for chunk in _chunks(never_erased(connection, rows)):
        stored += connection.execute(insert_of(len(chunk)), [value for row in chunk for value in row]).rowcount
    if stored == len(rows):
        return [Accepted(len(batch), 0, _contacts(batch)) for batch in batches]
    if any("\0" in row[2] for row in rows):
        raise ValueError("SQLite ends a text in JSON at U+0000")
    new = {(channel, message) for channel, message in json.loads(connection.execute(_NEW, (stored,)).fetchone()[0])}
    return [_counted(batch, new) for batch in batches]


def _chunks(rows: Sequence[InboxRow]) -> Iterator[Sequence[InboxRow]]:
    """Of sixty-four rows, of what is left the most that is even, and the rest."""
    first = 0
    while first < len(rows):
        left = len(rows) - first
        size = left if left <= EVEN_ROWS else min(MOST_ROWS, left // EVEN_ROWS * EVEN_ROWS)
        yield rows[first : first + size]
        first += size


def _contacts(rows: Sequence[InboxRow]) -> frozenset[ContactKey]:
    return frozenset([ContactKey(row[0], row[4]) for row in rows])


def _counted(batch: Sequence[InboxRow], new: set[tuple[str, str]]) -> Accepted:
    fresh = []
    for row in batch:
        if (row[0], row[2]) in new:
            new.discard((row[0], row[2]))
            fresh.append(row)
    return Accepted(len(fresh), len(batch) - len(fresh), _contacts(fresh))

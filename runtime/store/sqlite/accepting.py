"""Many deliveries accepted by one statement: what a busy webhook does sixty-four times at once.

Each statement hands the interpreter's lock to and fro, and so do ``BEGIN`` and ``COMMIT``. A statement outside of any
transaction is one by itself, so up to sixty-four rows are looked at, stored and synced in a single step of SQLite
(measured: 21 instead of 36 microseconds of the writer for each of 27).
"""

from __future__ import annotations

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
"""More than one are filled up with empty ones to a multiple of it: nine statements to compile and keep."""

_COLUMNS = 9

_NEW = "SELECT channel_id, message_id FROM inbox ORDER BY seq DESC LIMIT ?"


@cache
def insert_of(rows: int, unless: str = "0") -> str:
    """The statement for so many rows, some of which may be empty. Where ``unless`` holds, it stores nothing."""
    places = ", ".join([f"({', '.join('?' * _COLUMNS)})"] * rows)
    return f"""
        INSERT INTO inbox (channel_id, kind, message_id, profile, contact_id, event, received_at, fingerprint, joinable)
        SELECT * FROM (VALUES {places}) WHERE column1 IS NOT NULL AND NOT {unless}
        ON CONFLICT (channel_id, kind, message_id) DO NOTHING
    """  # noqa: S608 - question marks and a constant of ours


def is_one_statement(batches: Sequence[Sequence[InboxRow]]) -> bool:
    """Whether ``accept_together`` stores these by one statement, which needs no transaction around it."""
    return sum(len(batch) for batch in batches) <= MOST_ROWS


def accept_together(connection: sqlite3.Connection, batches: Sequence[Sequence[InboxRow]]) -> list[Accepted]:
    """What each batch came to. Of two rows with one id the first is the one that is stored."""
    rows = [row for batch in batches for row in batch]
    stored = sum(_insert(connection, chunk, unless=_ANYBODY_ERASED) for chunk in _chunks(rows))
    if not stored:  # somebody was erased, so each has to be looked at; or all are repetitions
        stored = sum(_insert(connection, chunk) for chunk in _chunks(never_erased(connection, rows)))
    if stored == len(rows):
        return [Accepted(len(batch), 0, _contacts(batch)) for batch in batches]
    try:
        new = set(connection.execute(_NEW, (stored,)).fetchall())
    except sqlite3.Error:
        if connection.in_transaction:
            raise
        # They are stored and synced, though not to be told apart now: everybody is woken who may have something new.
        return [Accepted(len(batch), 0, _contacts(batch)) for batch in batches]
    return [_counted(batch, new) for batch in batches]


_ANYBODY_ERASED = "EXISTS (SELECT 1 FROM erased_message)"


def _insert(connection: sqlite3.Connection, rows: Sequence[InboxRow], unless: str = "0") -> int:
    """How many of these were stored."""
    size = len(rows) if len(rows) == 1 else -(-len(rows) // EVEN_ROWS) * EVEN_ROWS
    values: list[object] = [value for row in rows for value in row]
    values.extend([None] * (_COLUMNS * (size - len(rows))))
    return connection.execute(insert_of(size, unless), values).rowcount


def _chunks(rows: Sequence[InboxRow]) -> Iterator[Sequence[InboxRow]]:
    for first in range(0, len(rows), MOST_ROWS):
        yield rows[first : first + MOST_ROWS]


def _contacts(rows: Sequence[InboxRow]) -> frozenset[ContactKey]:
    return frozenset([ContactKey(row[0], row[4]) for row in rows])


def _counted(batch: Sequence[InboxRow], new: set[tuple[str, str]]) -> Accepted:
    fresh = []
    for row in batch:
        if (row[0], row[2]) in new:
            new.discard((row[0], row[2]))
            fresh.append(row)
    return Accepted(len(fresh), len(batch) - len(fresh), _contacts(fresh))

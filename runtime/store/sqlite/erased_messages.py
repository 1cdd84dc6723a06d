"""Message ids after an erasure: keyed hashes, kept for as long as a provider may deliver again."""

from __future__ import annotations

import hashlib
import hmac
import sqlite3
from collections.abc import Iterable, Sequence
from typing import Final

from runtime.store.sqlite.reader import Row

_ANY: Final = "SELECT 1 FROM erased_message LIMIT 1"
_KNOWN: Final = "SELECT 1 FROM erased_message WHERE hash = ?"
_KEEP: Final = "INSERT OR IGNORE INTO erased_message (hash, at) VALUES (?, ?)"
_PEPPER: Final = "SELECT value FROM runtime_state WHERE key = 'privacy.pepper'"


def keep_hashes(connection: sqlite3.Connection, ids: Iterable[tuple[str, str]], at: int) -> int:
    """Keep (channel id, message id) pairs as hashes, inside the caller's transaction; how many."""
    pepper = _pepper(connection)
    rows = [(_digest(pepper, channel_id, message_id), at) for channel_id, message_id in ids]
    connection.executemany(_KEEP, rows)
    return len(rows)


def never_erased(connection: sqlite3.Connection, rows: Sequence[Row]) -> Sequence[Row]:
    """The inbox rows (channel id first, message id third) whose messages were not erased."""
    if connection.execute(_ANY).fetchone() is None:
        return rows  # where nobody was erased, nobody pays
    pepper = _pepper(connection)
    return [row for row in rows if connection.execute(_KNOWN, (_digest(pepper, row[0], row[2]),)).fetchone() is None]


def _pepper(connection: sqlite3.Connection) -> bytes:
    found = connection.execute(_PEPPER).fetchone()
    return bytes(found[0]) if found is not None else b""


def _digest(pepper: bytes, channel_id: str, message_id: str) -> bytes:
    return hmac.new(pepper, f"{channel_id}\0{message_id}".encode(), hashlib.sha256).digest()

"""``Reader``: lookups on a connection that cannot write.

They run on the event loop's thread: an indexed lookup takes some twenty microseconds, less than handing
it to a thread and back, and under WAL it never waits for the writer.
"""

from __future__ import annotations

import contextlib
import sqlite3
from typing import Any

from runtime.errors import StoreUnavailableError

type SQLValue = int | str | bytes | None
type Row = tuple[Any, ...]
"""One row; the schema's STRICT tables say what is in it."""


class Reader:
    """Committed state, as of each call."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def rows(self, sql: str, *parameters: SQLValue) -> list[Row]:
        """All rows. Raises ``StoreUnavailableError`` if the file cannot be read now."""
        try:
            return self._connection.execute(sql, parameters).fetchall()
        except sqlite3.Error as fault:
            raise StoreUnavailableError(f"the state file cannot be read: {fault}") from fault

    def row(self, sql: str, *parameters: SQLValue) -> Row | None:
        """The first row, if there is one."""
        found = self.rows(sql, *parameters)
        return found[0] if found else None

    def rest(self) -> None:
        """Give the pages back that were read; what is asked for next is read again."""
        with contextlib.suppress(sqlite3.Error):  # closed, or busy: then there is nothing to give back, or no rest
            self._connection.execute("PRAGMA shrink_memory").fetchall()

    def close(self) -> None:
        self._connection.close()

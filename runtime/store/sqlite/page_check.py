"""Reading every page of a state file, to know that it is sound."""

from __future__ import annotations

import sqlite3

from runtime.errors import StoreDamagedError


def check_pages(connection: sqlite3.Connection) -> None:
    """Raises ``StoreDamagedError`` for the first fault found, ``sqlite3.Error`` where reading itself fails."""
    (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise StoreDamagedError(f"the state file is damaged: {found}")

"""The mark that a command's effect is committed. In the same transaction as the effect."""

from __future__ import annotations

import sqlite3
from typing import Final

_MARK: Final = "UPDATE command SET carried_out = 1 WHERE id = ?"
_MARKED: Final = "SELECT 1 FROM command WHERE id = ? AND carried_out = 1"


def mark_carried_out(connection: sqlite3.Connection, command_id: str | None) -> None:
    """``None`` where no command asked."""
    connection.execute(_MARK, (command_id,))


def is_carried_out(connection: sqlite3.Connection, command_id: str | None) -> bool:
    return connection.execute(_MARKED, (command_id,)).fetchone() is not None

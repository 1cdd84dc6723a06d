"""What a state file holds, in numbers: for an operator, without a word of any customer."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from pathlib import Path
from typing import Final

from flow_engine.vocabulary import JSON, JSONObject
from runtime.errors import StoreError
from runtime.store.instants import from_micros
from runtime.store.sqlite.connection import open_reader

_TABLES: Final = """
    SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT GLOB 'sqlite_*' ORDER BY name
"""

_DEAD: Final = """
    SELECT 'inbound:' || seq, error, finished_at FROM inbox WHERE state = 'dead'
    UNION ALL SELECT 'outbound:' || id, error, updated_at FROM outbox WHERE state = 'dead'
    UNION ALL SELECT 'notice:' || id, error, updated_at FROM staff_notice WHERE state = 'dead'
    ORDER BY 3 DESC LIMIT 20
"""


def inspect_file(file: Path) -> JSONObject:
    """``{"file", "bytes", "schema", "floor", "suspended", "rows": {table: n}, "dead_letters": […]}``. Blocking.

    Raises:
        StoreError: it is no state file, or damaged.
    """
    try:
        with contextlib.closing(open_reader(file)) as connection:
            return {
                "file": str(file),
                "bytes": file.stat().st_size,
                "schema": _one(connection, "PRAGMA user_version"),
                "floor": _value(connection, "bundle.floor"),
                "suspended": _value(connection, "control.suspended", text=True) == "yes",
                "rows": _rows(connection),
                "dead_letters": _dead_letters(connection),
            }
    except (sqlite3.Error, OSError) as fault:
        raise StoreError(f"{file} cannot be read: {fault}") from fault


def _rows(connection: sqlite3.Connection) -> JSONObject:
    names = [str(name) for (name,) in connection.execute(_TABLES).fetchall()]
    return {name: _one(connection, f"SELECT count(*) FROM {name}") for name in names}  # noqa: S608 - names of our schema


def _dead_letters(connection: sqlite3.Connection) -> list[JSON]:
    return [
        {"id": letter, "error": str(error or "").partition(":")[0], "at": from_micros(at).isoformat() if at else None}
        for letter, error, at in connection.execute(_DEAD).fetchall()
    ]


def _value(connection: sqlite3.Connection, key: str, *, text: bool = False) -> JSON:
    found = connection.execute("SELECT value FROM runtime_state WHERE key = ?", (key,)).fetchone()
    if found is None:
        return None
    value = bytes(found[0]).decode()
    read: JSON = value if text else json.loads(value)
    return read


def _one(connection: sqlite3.Connection, sql: str) -> JSON:
    found: JSON = connection.execute(sql).fetchone()[0]
    return found

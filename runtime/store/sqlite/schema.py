"""Bringing a file up to date: numbered scripts, forward only, each in one transaction.

The file's ``user_version`` is the number of the last script that ran. A file from a newer build is
refused untouched: guessing at columns we do not know would lose what they hold.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from runtime.errors import StoreError, StoreTooNewError

APPLICATION_ID = 0x46445254
"""``FDRT`` in the file's header: a foreign SQLite file is recognised before anything is written."""

MIGRATIONS = Path(__file__).parent / "migrations"


def version_of(connection: sqlite3.Connection) -> int:
    """The number of the last script that ran on the file; 0 for an empty one. Reads only.

    Raises:
        StoreTooNewError: the file is newer than this build.
        StoreError: the file belongs to another program.
    """
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    application: int = connection.execute("PRAGMA application_id").fetchone()[0]
    if application not in (0, APPLICATION_ID) or (application == 0 and version):
        raise StoreError("the state file belongs to another program; point STATE_DIR at an empty folder")
    known = len(_scripts())
    if version > known:
        raise StoreTooNewError(
            f"the state file has schema version {version}, this build knows up to {known}; start the newer build"
        )
    return version


def is_behind(version: int) -> bool:
    """Whether this build has scripts that a file of this version has not seen."""
    return version < len(_scripts())


def migrate(connection: sqlite3.Connection) -> None:
    """Run every script the file has not seen. Raises as ``version_of`` does."""
    version = version_of(connection)
    for number, script in enumerate(_scripts()[version:], start=version + 1):
        _run(connection, number, script.read_text(encoding="utf-8"))


def _scripts() -> list[Path]:
    return sorted(MIGRATIONS.glob("[0-9][0-9][0-9][0-9]_*.sql"))


def _run(connection: sqlite3.Connection, number: int, script: str) -> None:
    try:
        connection.executescript(
            f"BEGIN IMMEDIATE;\n{script}\n"
            f"PRAGMA application_id = {APPLICATION_ID};\nPRAGMA user_version = {number};\nCOMMIT;"
        )
    except sqlite3.Error:
        if connection.in_transaction:
            connection.rollback()
        raise

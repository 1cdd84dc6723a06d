"""One orchestrator works at a time. On PostgreSQL a lock of a session, on SQLite a lock of a file beside the database.

Either is let go by the system itself when the process dies, however it dies: no lease runs out, nobody waits.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import Final, Protocol

from django.db import DatabaseError, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

LOCK_ID: Final = 0x46726F6E74666C74
""""Frontflt" in ASCII: advisory locks of one database are told apart by a number."""


class Leadership(Protocol):
    def holds(self) -> bool:
        """Whether this process leads now; takes the lead where it is free."""

    def release(self) -> None:
        """Let the next one lead at once."""


def leadership() -> Leadership:
    """For the database at hand."""
    if connection.vendor == "postgresql":
        return PostgresLeadership()
    name = str(connection.settings_dict["NAME"])
    in_memory = ":memory:" in name or "mode=memory" in name
    return FileLeadership(Path(os.devnull) if in_memory else Path(f"{name}.orchestrator.lock"))


class PostgresLeadership:
    """Holds a connection of its own: the lock lives exactly as long as its session."""

    def __init__(self) -> None:
        self._session: BaseDatabaseWrapper | None = None

    def holds(self) -> bool:
        try:
            if self._session is None:
                self._session = _session_of_its_own()
            with self._session.cursor() as cursor:
                # Counted by the session: taken once, then asked for in pg_locks, which also shows a lost session.
                cursor.execute(
                    "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid() AND granted"
                )
                if cursor.fetchone()[0]:
                    return True
                cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK_ID])
                return bool(cursor.fetchone()[0])
        except DatabaseError:
            self.release()
            return False

    def release(self) -> None:
        if self._session is not None:
            self._session.close()
            self._session = None


def _session_of_its_own() -> BaseDatabaseWrapper:
    """A connection outside of the pool, which would hand ours to somebody else."""
    session = connections["default"].copy()
    options = {name: value for name, value in session.settings_dict["OPTIONS"].items() if name != "pool"}
    session.settings_dict = {**session.settings_dict, "OPTIONS": options}
    session.connect()
    return session


class FileLeadership:
    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock: int | None = None

    def holds(self) -> bool:
        if self._lock is not None:
            return True
        lock = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            return False
        self._lock = lock
        return True

    def release(self) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

"""One orchestrator works at a time for each driver and place, which is what runs and where its volumes are.

On PostgreSQL a lock of a session, on SQLite a lock of a file beside the database.

Either is let go by the system itself when the process dies, however it dies: no lease runs out, nobody waits.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from pathlib import Path
from typing import Final, Protocol

from django.db import DatabaseError, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

_LOCKS: Final = "frontdesk orchestrator"
"""Advisory locks of one database are told apart by 64 bits: of the hash of this and of what is led."""


class LeadLostError(Exception):
    """Another orchestrator may lead by now. Nothing more is changed in this pass."""

    def __init__(self) -> None:
        super().__init__("The lead was lost in the middle of a pass; whoever has it goes on.")


class Leadership(Protocol):
    def holds(self) -> bool:
        """Whether this process leads now; takes the lead where it is free."""

    def release(self) -> None:
        """Let the next one lead at once."""


def leadership(*, of: str) -> Leadership:
    """For the database at hand. ``of``: driver and place; whoever leads another one is not in the way."""
    digest = hashlib.sha256(f"{_LOCKS}\0{of}".encode())
    if connection.vendor == "postgresql":
        return PostgresLeadership(int.from_bytes(digest.digest()[:8], signed=True))
    name = str(connection.settings_dict["NAME"])
    in_memory = ":memory:" in name or "mode=memory" in name
    return FileLeadership(Path(os.devnull) if in_memory else Path(f"{name}.orchestrator-{digest.hexdigest()[:8]}.lock"))


class PostgresLeadership:
    """Holds a connection of its own: the lock lives exactly as long as its session."""

    def __init__(self, lock_id: int) -> None:
        self._lock_id = lock_id
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
                cursor.execute("SELECT pg_try_advisory_lock(%s)", [self._lock_id])
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

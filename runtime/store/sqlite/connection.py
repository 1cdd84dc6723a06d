"""Opening the state file: one process, one writing connection, any number of reading ones."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from pathlib import Path

from runtime.errors import StoreInUseError

BUSY_TIMEOUT_MS = 5_000
"""How long a lock by a backup tool is waited for: the acknowledgement budget of a webhook."""

LOG_PAGES = 4_000
"""So many pages in the log are folded in by the commit itself, whoever waits for it. The writer does it long before,
between two batches; 16 MB is what the log is cut back to."""

PAGE_CACHE_KIB = 1_024
"""A tenant's working set is a few hundred pages; the default of 2 MB is paid per connection."""

JOURNAL_LIMIT_BYTES = 16 * 1024 * 1024
"""The WAL is cut back to this after a burst; an idle tenant should not keep a burst's disk."""


def lock_file(path: Path) -> int:
    """Take the right to this state file; the descriptor holds it until closed, even across ``kill -9``.

    Raises:
        StoreInUseError: another process has it.
    """
    descriptor = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        raise StoreInUseError(f"{path} is in use by another process; stop that one first") from None
    return descriptor


def open_writer(path: Path) -> sqlite3.Connection:
    """The only connection that writes. The file is created readable by its owner alone."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    path.chmod(0o600)
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=BUSY_TIMEOUT_MS / 1000)
    try:
        # FULL: what is acknowledged has been through fdatasync (docs/adr/0005-one-writer-group-commit.md).
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
            connection.execute(f"PRAGMA {pragma}").fetchall()
        connection.execute(f"PRAGMA journal_size_limit = {JOURNAL_LIMIT_BYTES}").fetchall()
        connection.execute(f"PRAGMA wal_autocheckpoint = {LOG_PAGES}").fetchall()
        _bound(connection)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def open_reader(path: Path) -> sqlite3.Connection:
    """A connection that cannot write, for lookups on the event loop's thread."""
    connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, isolation_level=None)
    try:
        _bound(connection)
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _bound(connection: sqlite3.Connection) -> None:
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}").fetchall()
    connection.execute(f"PRAGMA cache_size = -{PAGE_CACHE_KIB}").fetchall()
    connection.execute("PRAGMA trusted_schema = OFF").fetchall()

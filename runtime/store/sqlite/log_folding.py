"""``LogFolding``: when the write-ahead log is folded into the file, and by whom.

SQLite does it inside of the commit that finds the log long, and whoever waits for that commit waits along: many times
as long as for others. The writer does it between two batches, when all are answered and the event loop is busy with it.
"""

from __future__ import annotations

import logging
import sqlite3
import threading
from typing import Final

FOLD_AFTER_PAGES: Final = 1_000
"""SQLite's own measure. Fewer are folded in more often: the same pages of the file written again and again."""

PAGES_A_COMMIT: Final = 4
ROWS_A_PAGE: Final = 2
"""What a commit adds to the log, estimated (measured: 5 pages for one message, 33 to 57 for 64). SQLite tells it only
to who folds."""

log = logging.getLogger(__name__)


class LogFolding:
    """Belongs to the writer's thread, but for ``wanted``."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._changes = connection.total_changes
        self._pages = 0
        self.wanted = threading.Event()
        """Set by who wants the log to be cut to nothing; cleared when it is."""

    def cut_if_wanted(self) -> None:
        """Fold everything in and cut the log, before those are answered who wait for it."""
        if not self.wanted.is_set():
            return
        found = self._fold("TRUNCATE")
        if found is not None and not found[0]:
            self.wanted.clear()

    def after_commit(self) -> None:
        """Fold in what there is, if that is much. To be called when all are answered."""
        rows = self._connection.total_changes - self._changes
        self._changes += rows
        self._pages += PAGES_A_COMMIT + rows // ROWS_A_PAGE
        if self._pages >= FOLD_AFTER_PAGES:
            self._fold("PASSIVE")

    def at_close(self) -> None:
        """What cannot be folded in now stays beside the file, and is at the next start."""
        self._fold("TRUNCATE")

    def _fold(self, mode: str) -> tuple[int, int, int] | None:
        """Whether somebody kept it from being done, pages in the log, pages folded in; ``None`` if it failed."""
        self._pages = 0
        try:
            found: tuple[int, int, int] = self._connection.execute(f"PRAGMA wal_checkpoint({mode})").fetchone()
        except sqlite3.Error as fault:
            log.warning("checkpoint failed: %s", fault)
            return None
        return found

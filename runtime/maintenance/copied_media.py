"""Customers' files inside a copy: a table of it, so that a copy stays one file, checked and erased from as a whole.

A runtime of an older version puts such a copy back as well, without the files; the table then lies there unused.
"""

from __future__ import annotations

import sqlite3
from typing import Final

from runtime.media.folder import MediaFolder

_MAKE: Final = "CREATE TABLE copied_media (name TEXT PRIMARY KEY, content BLOB NOT NULL) STRICT"
_NAMES: Final = "SELECT DISTINCT name FROM media_file WHERE state = 'kept' AND name IS NOT NULL ORDER BY name"
_STILL_NAMED: Final = "SELECT name FROM copied_media WHERE name IN (SELECT name FROM media_file)"


def take_along(copy: sqlite3.Connection, folder: MediaFolder) -> int:
    """Put the files that the rows of ``copy`` speak of into it; how many. Blocking.

    A file that retention has swept meanwhile is left out. One file is in memory at a time (``keeper.MOST_BYTES``).
    """
    if not _has_table(copy, "media_file"):
        return 0  # the state of a version that kept no files
    copy.execute(_MAKE)
    taken = 0
    for (name,) in copy.execute(_NAMES).fetchall():
        content = folder.read(name)
        if content is not None:
            copy.execute("INSERT INTO copied_media VALUES (?, ?)", (name, content))
            copy.commit()
            taken += 1
    return taken


def put_back(copy: sqlite3.Connection, folder: MediaFolder) -> int:
    """Write the files that rows still speak of into ``folder`` and drop the table; how many. Blocking.

    Called when erasures were redone: of whoever was erased no file comes back, not even for a moment.
    """
    if not _has_table(copy, "copied_media"):
        return 0
    names = [name for (name,) in copy.execute(_STILL_NAMED).fetchall()]
    for name in names:
        # The folder names a file by what is in it: one that was changed in the copy lands under a name nobody asks for.
        folder.write(copy.execute("SELECT content FROM copied_media WHERE name = ?", (name,)).fetchone()[0])
    copy.execute("DROP TABLE copied_media")
    copy.execute("VACUUM")
    return len(names)


def _has_table(connection: sqlite3.Connection, name: str) -> bool:
    found = connection.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (name,))
    return found.fetchone() is not None

"""Which ids may be aliases, so that an id which is none for sure asks the file nothing.

A new customer shows two ids that nobody knows. To look both up is the greater part of what her first message costs
more than her second (``known_ids``), and nearly always the file has nothing to say of them.
"""

from __future__ import annotations

import sqlite3
from typing import Final

MARKS: Final = 64 * 1024 * 8
"""A bit each. Of 2,000 aliases one id in 250 is asked about without need, of 100,000 one in six."""

MOST_READ: Final = 100_000
"""Aliases read at a start, a tenth of a second's work. A file with more is asked about every id."""

_ALIASES: Final = "SELECT channel_id, alias FROM contact_alias LIMIT ?"


class AliasMarks:
    """A mark stays for as long as the process, also where the alias is gone: then the file is asked once more."""

    def __init__(self) -> None:
        self._marks = bytearray(MARKS // 8)

    def may_be_alias(self, channel_id: str, some_id: str) -> bool:
        """``False``: nothing about it stands in the file."""
        place = hash((channel_id, some_id)) % MARKS
        return bool(self._marks[place >> 3] & 1 << (place & 7))

    def mark(self, channel_id: str, alias: str) -> None:
        """To be called inside of the change that writes the alias: by the writer's thread alone."""
        place = hash((channel_id, alias)) % MARKS
        self._marks[place >> 3] |= 1 << (place & 7)

    def read(self, connection: sqlite3.Connection, *, most: int = MOST_READ) -> None:
        """Mark what stands in the file, before anything else is written to it."""
        read = 0
        for channel_id, alias in connection.execute(_ALIASES, (most + 1,)):
            self.mark(channel_id, alias)
            read += 1
        if read > most:
            self._marks[:] = b"\xff" * len(self._marks)

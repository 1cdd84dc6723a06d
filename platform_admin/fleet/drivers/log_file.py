"""What one local runtime wrote, on disk: bounded, for its owner only, and readable by whoever runs as that owner.

::

    logs/runtime.log      what is written now
    logs/runtime.log.1    what was written before it
"""

from __future__ import annotations

import logging
import os
import threading
from io import FileIO
from pathlib import Path
from typing import Final

from platform_admin.fleet.driver import MEGABYTE

FILE: Final = "runtime.log"
LONGEST_FILE: Final = 5 * MEGABYTE
"""Bytes of each of the two files: a quiet runtime's weeks, a crash loop's last hours."""

LONGEST_LINE: Final = 16 * 1024
"""Bytes, as container engines cut lines: one without an end shall not push out everything else."""

_OWNER_ONLY: Final = 0o600

log = logging.getLogger(__name__)


class LogFile:
    """Takes lines. A disk that takes none costs lines, never the runtime: the next one is tried again."""

    def __init__(self, folder: Path, *, longest: int = LONGEST_FILE) -> None:
        self._path = folder / FILE
        self._longest = longest
        self._lock = threading.Lock()
        self._file: FileIO | None = None
        self._told = False

    def write(self, line: str) -> None:
        """Append one line without its end; the file is made by the first."""
        content = line.encode(errors="replace")[:LONGEST_LINE] + b"\n"
        with self._lock:
            try:
                self._room_for(len(content)).write(content)
                self._told = False
            except OSError as error:
                self._close()
                if not self._told:
                    log.warning("%s takes no lines: %s", self._path, error.strerror)
                self._told = True

    def close(self) -> None:
        """Let go of the file; a further line opens it again."""
        with self._lock:
            self._close()

    def _room_for(self, length: int) -> FileIO:
        file = self._file or self._open()
        if file.tell() and file.tell() + length > self._longest:
            self._close()
            self._path.replace(older_of(self._path))
            file = self._open()
        return file

    def _open(self) -> FileIO:
        self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file = FileIO(self._path, "ab", opener=lambda path, flags: os.open(path, flags, _OWNER_ONLY))
        return self._file

    def _close(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


def older_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.1")

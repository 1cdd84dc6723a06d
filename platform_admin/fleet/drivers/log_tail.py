"""The last lines of a ``LogFile``, also while another process writes and turns it over."""

from __future__ import annotations

import os
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO, Final

from platform_admin.fleet.drivers.log_file import FILE, older_of

_BLOCK: Final = 64 * 1024
"""Bytes read at once from the end."""


def last_lines(folder: Path, count: int) -> tuple[str, ...]:
    """Oldest first, at most ``count``; none where nothing was ever written. Raises ``OSError`` when it is not ours."""
    path = folder / FILE
    while True:
        with ExitStack() as opened:
            newer, older = _opened(opened, path), _opened(opened, older_of(path))
            if newer and older and os.path.sameopenfile(newer.fileno(), older.fileno()):
                continue  # turned over between the two
            lines = _tail(newer, count) if newer else []
            if older and len(lines) < count:
                lines = _tail(older, count - len(lines)) + lines
            return tuple(line.decode(errors="replace") for line in lines)


def _opened(opened: ExitStack, path: Path) -> BinaryIO | None:
    try:
        return opened.enter_context(path.open("rb"))
    except FileNotFoundError:
        return None


def _tail(file: BinaryIO, count: int) -> list[bytes]:
    """The last ``count`` whole lines; one that is being written has no end yet and is left out."""
    at = file.seek(0, os.SEEK_END)
    read = b""
    while at and read.count(b"\n") <= count:
        step = min(_BLOCK, at)
        at = file.seek(at - step)
        read = file.read(step) + read
    lines = read.split(b"\n")[:-1]
    return lines[-count:] if count else []

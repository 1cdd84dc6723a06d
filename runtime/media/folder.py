"""``MediaFolder``: where the files lie, each under the hash of what is in it."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Final

FOLDER_NAME: Final = "media"
"""Beside the state file."""

_NAME: Final = re.compile(r"[0-9a-f]{64}")
_FOLDER_MODE: Final = 0o700
_FILE_MODE: Final = 0o600


class MediaFolder:
    """Names are hashes, without the ending a customer chose: nothing here can be mistaken for a program."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, content: bytes) -> str:
        """Keep ``content``; its name. Whole or not at all, also when the power fails. Blocks."""
        name = hashlib.sha256(content).hexdigest()
        self._path.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        new = self._path / f"{name}.new"
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _FILE_MODE)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self._path / name)
        return name

    def read(self, name: str) -> bytes | None:
        """What is kept under ``name``. Blocks."""
        try:
            return (self._path / name).read_bytes() if _NAME.fullmatch(name) else None
        except FileNotFoundError:
            return None

    def sweep(self, known: AbstractSet[str]) -> int:
        """Delete what no row speaks of any more; how many files. Blocks."""
        if not self._path.is_dir():
            return 0
        unknown = [file for file in self._path.iterdir() if file.name not in known]
        for file in unknown:
            file.unlink(missing_ok=True)
        return len(unknown)

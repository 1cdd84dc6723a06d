"""A verified copy of a state file, made while it is written to, by SQLite's own online backup."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from flow_engine.vocabulary import JSONObject
from runtime.durable import make_durable
from runtime.errors import StoreError
from runtime.maintenance.copied_media import take_along
from runtime.media.folder import MediaFolder
from runtime.store.sqlite.connection import open_reader

_UNFINISHED: Final = ".unfinished"
_CHUNK_BYTES: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Backup:
    """Where the copy lies, what to recognise it by, and how many of the customers' files are in it."""

    file: Path
    size: int
    sha256: str
    media: int

    def to_json(self) -> JSONObject:
        return {"file": str(self.file), "bytes": self.size, "sha256": self.sha256, "media_files": self.media}


def back_up(source: Path, target: Path, *, media: MediaFolder | None = None) -> Backup:
    """Copy ``source`` as of now to ``target``, which must not exist. Blocking; the source may be in use.

    The copy is one file without a log, checked page by page, and appears under its name only when it is whole. The
    customers' files that lie in ``media`` go along in it (``copied_media``); without it none do.

    Raises:
        OSError: the target is there already or cannot be written.
        StoreError: the copy does not pass its check.
    """
    if target.exists():
        raise FileExistsError(f"{target} is there already")
    unfinished = target.with_name(target.name + _UNFINISHED)
    os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    try:
        taken = _copy(source, unfinished, media)
        make_durable(unfinished)
        unfinished.rename(target)
    finally:
        unfinished.unlink(missing_ok=True)
    return Backup(target, target.stat().st_size, _digest(target), taken)


def check(file: Path) -> None:
    """Whether every page of a state file is sound. Blocking. Raises ``StoreError``."""
    try:
        with contextlib.closing(open_reader(file)) as connection:
            found = [row[0] for row in connection.execute("PRAGMA quick_check(1)").fetchall()]
    except sqlite3.Error as fault:
        raise StoreError(f"{file} is damaged: {fault}") from fault
    if found != ["ok"]:
        raise StoreError(f"{file} is damaged: {found[0]}")


def _copy(source: Path, target: Path, media: MediaFolder | None) -> int:
    try:
        with contextlib.closing(open_reader(source)) as reading, contextlib.closing(sqlite3.connect(target)) as writing:
            reading.backup(writing)
            taken = 0 if media is None else take_along(writing, media)
            writing.execute("PRAGMA journal_mode = DELETE").fetchall()
    except sqlite3.Error as fault:
        raise StoreError(f"the copy could not be made: {fault}") from fault
    check(target)
    return taken


def _digest(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as opened:
        while chunk := opened.read(_CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()

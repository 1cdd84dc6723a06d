"""The copy that is kept of a state file before its schema is changed: the way back to the version before.

It lies in ``backups/`` beside the file as ``schema-<version>-<time>.sqlite3`` and is put back like any other copy
(``python -m runtime restore``). It knows customers who are erased later, so it goes by age as well as by number.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from runtime.durable import make_durable
from runtime.errors import StoreUnavailableError
from runtime.store.sqlite.page_check import check_pages

FOLDER: Final = "backups"

KEPT: Final = 2
"""Of different schema versions; a start that fails again and again keeps one of its own version, not a row of them."""

KEPT_FOR: Final = timedelta(days=14)
"""Whoever upgrades knows by then whether they want back. It is also how long an erased contact may outlive her erasure
in such a copy; a restore erases her again before anybody reads it."""

_NAME: Final = re.compile(r"schema-(\d{4})-(\d{8}T\d{6}Z)\.sqlite3")
_TIME: Final = "%Y%m%dT%H%M%SZ"
_UNFINISHED: Final = ".unfinished"


def keep_copy(connection: sqlite3.Connection, file: Path, version: int, at: datetime) -> Path:
    """Copy ``file``, open in ``connection``, as it is now; where the copy lies. Blocking.

    It is whole, checked page by page and on the disk when this returns; older ones are removed only then.

    Raises:
        StoreUnavailableError: there is no room for it, or it cannot be written; ``file`` was not touched.
        StoreDamagedError: a page of the copy is damaged.
        sqlite3.DatabaseError: the file is.
    """
    folder = file.parent / FOLDER
    target = folder / f"schema-{version:04}-{at.astimezone(UTC):{_TIME}}.sqlite3"
    unfinished = target.with_name(target.name + _UNFINISHED)
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
        for left in folder.glob(f"schema-*{_UNFINISHED}"):
            left.unlink(missing_ok=True)  # of a start that was killed
        _look_for_room(connection, folder, version)
        _write(connection, unfinished)
        unfinished.rename(target)
        make_durable(folder)
    except (OSError, sqlite3.OperationalError) as fault:
        raise StoreUnavailableError(
            f"the state has schema version {version} and is not brought up to date, because the copy to go back to "
            f"cannot be written to {folder}: {fault}; nothing was changed, make room and start again"
        ) from fault
    finally:
        with contextlib.suppress(OSError):
            unfinished.unlink(missing_ok=True)
    _keep_few(folder, target, version)
    return target


def forget_old_copies(file: Path, now: datetime, *, kept: timedelta = KEPT_FOR) -> int:
    """Remove the copies beside ``file`` that are older than ``kept``; how many there were. Blocking.

    Raises:
        OSError: one cannot be removed.
    """
    old = [copy for made_at, _, copy in _copies(file.parent / FOLDER) if made_at < now - kept]
    for copy in old:
        copy.unlink(missing_ok=True)
    return len(old)


def _look_for_room(connection: sqlite3.Connection, folder: Path, version: int) -> None:
    (pages,), (page_bytes,) = (connection.execute(f"PRAGMA {name}").fetchone() for name in ("page_count", "page_size"))
    wanted, free = pages * page_bytes, shutil.disk_usage(folder).free
    if free < wanted:
        raise StoreUnavailableError(
            f"the state has schema version {version} and is not brought up to date: the copy to go back to wants "
            f"{wanted:,} bytes in {folder}, which has {free:,} free; nothing was changed, make room and start again"
        )


def _write(connection: sqlite3.Connection, unfinished: Path) -> None:
    os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    with contextlib.closing(sqlite3.connect(unfinished)) as copy:
        connection.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE").fetchall()  # one file without a log
        check_pages(copy)
    make_durable(unfinished)


def _keep_few(folder: Path, made: Path, version: int) -> None:
    kept = {version}
    for _, other, copy in sorted(_copies(folder), reverse=True):
        if copy == made:
            continue  # kept even where a clock that went back lets another look younger
        if other in kept or len(kept) == KEPT:
            copy.unlink(missing_ok=True)
        else:
            kept.add(other)


def _copies(folder: Path) -> list[tuple[datetime, int, Path]]:
    """When each was made, of which schema version it is, and where it lies."""
    found = [(_NAME.fullmatch(path.name), path) for path in folder.glob("schema-*.sqlite3")]
    return [(datetime.strptime(name[2], _TIME).replace(tzinfo=UTC), int(name[1]), path) for name, path in found if name]

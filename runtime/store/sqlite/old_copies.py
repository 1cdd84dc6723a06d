"""How long copies may lie on a tenant's own volume: each of them knows customers who are erased later.

::

    backups/schema-<version>-<time>.sqlite3    before a change of the schema (``migration_copy``)
    backups/<time>.sqlite3                     by the command ``backup``
    state.sqlite3.before-<time>                what a restore moved aside, its log beside it

Told by the time in their names: a copy's file may have been carried here from elsewhere. Anything else stays.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from runtime.store.sqlite import migration_copy

_BY_COMMAND: Final = re.compile(r"(\d{8}T\d{12}Z)\.sqlite3(?:\.unfinished)?")
_BY_COMMAND_TIME: Final = "%Y%m%dT%H%M%S%fZ"
_ASIDE: Final = re.compile(r".+\.before-(\d{8}T\d{6}Z)(?:-wal|-shm)?")
_ASIDE_TIME: Final = "%Y%m%dT%H%M%SZ"


def forget_old_copies(file: Path, now: datetime, *, kept: timedelta) -> int:
    """Remove the copies of ``file`` that are older than ``kept``; how many files there were. Blocking.

    Raises:
        OSError: one cannot be removed.
    """
    old = [path for made_at, path in _copies(file) if made_at < now - kept]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old) + migration_copy.forget_old_copies(file, now, kept=min(kept, migration_copy.KEPT_FOR))


def _copies(file: Path) -> Iterator[tuple[datetime, Path]]:
    yield from _named(sorted((file.parent / migration_copy.FOLDER).glob("*")), _BY_COMMAND, _BY_COMMAND_TIME)
    yield from _named(sorted(file.parent.glob(f"{file.name}.before-*")), _ASIDE, _ASIDE_TIME)


def _named(paths: list[Path], name: re.Pattern[str], time: str) -> Iterator[tuple[datetime, Path]]:
    for path in paths:
        if found := name.fullmatch(path.name):
            try:
                yield datetime.strptime(found[1], time).replace(tzinfo=UTC), path
            except ValueError:
                continue  # digits that are no time are no name of ours

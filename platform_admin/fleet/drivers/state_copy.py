"""A copy of one tenant's state as one tar file: the checked database, and who was erased up to then.

::

    state.sqlite3      as `python -m runtime backup` wrote it
    erasures.jsonl     keyed hashes; whoever stands there is erased again from whatever is restored
"""

from __future__ import annotations

import os
import tarfile
import tempfile
from pathlib import Path
from typing import Final

from platform_admin.fleet.drivers.errors import StateUnavailableError

STATE: Final = "state.sqlite3"
ERASURES: Final = "erasures.jsonl"
_OWNER_ONLY: Final = 0o600
_SQLITE: Final = b"SQLite format 3\0"
"""How every database of SQLite begins (https://www.sqlite.org/fileformat.html#magic_header_string)."""


def pack(target: Path, *, state: Path, erasures: Path) -> None:
    """Write ``target`` whole or not at all."""
    unfinished = target.with_name(f"{target.name}.unfinished")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _OWNER_ONLY)
    with os.fdopen(descriptor, "wb") as file:
        with tarfile.open(fileobj=file, mode="w:gz", compresslevel=1) as archive:
            archive.add(state, STATE)
            if erasures.is_file():
                archive.add(erasures, ERASURES)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(target)


def unpack(source: Path, folder: Path, *, tenant: str) -> Path:
    """Where the database of the copy now lies in ``folder``, the list of erasures beside it.

    Raises:
        StateUnavailableError: it is no copy, or holds anything else.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with tarfile.open(source, mode="r:gz") as archive:
            members = {member.name: member for member in archive.getmembers()}
            if STATE not in members or not members.keys() <= {STATE, ERASURES}:
                raise StateUnavailableError(tenant, f"{source.name} is no copy of a runtime's state")
            for member in members.values():
                archive.extract(member, folder, filter="data")
    except (OSError, tarfile.TarError, EOFError) as error:
        raise StateUnavailableError(tenant, f"{source.name} cannot be read ({type(error).__name__})") from error
    return folder / STATE


def check_copy(source: Path, *, tenant: str) -> None:
    """Return if ``source`` has the form of a copy; nothing of it is written anywhere.

    Raises:
        StateUnavailableError: as ``unpack``.
    """
    try:
        with tarfile.open(source, mode="r:gz") as archive:
            names = []
            for member in archive:
                names.append(member.name)
                content = archive.extractfile(member)
                if member.name == STATE and (content is None or content.read(len(_SQLITE)) != _SQLITE):
                    raise StateUnavailableError(tenant, f"{STATE} in {source.name} is no database")
        if STATE not in names or not {*names} <= {STATE, ERASURES}:
            raise StateUnavailableError(tenant, f"{source.name} is no copy of a runtime's state")
    except (OSError, tarfile.TarError, EOFError) as error:
        raise StateUnavailableError(tenant, f"{source.name} cannot be read ({type(error).__name__})") from error


def merge_erasures(older: Path, *, into: Path) -> None:
    """Add the lines of ``older`` that ``into`` has not. Nothing that was noted is ever lost."""
    known = set(into.read_text().splitlines()) if into.is_file() else set()
    noted = older.read_text().splitlines() if older.is_file() else []
    missing = [line for line in noted if line.strip() and line not in known]
    if missing:
        descriptor = os.open(into, os.O_WRONLY | os.O_CREAT | os.O_APPEND, _OWNER_ONLY)
        with os.fdopen(descriptor, "w") as file:
            file.write("".join(f"{line}\n" for line in missing))


def with_erasures_of(newer: Path, older: Path, *, tenant: str) -> Path:
    """``older`` once more, beside it, with everybody in it who was erased up to ``newer``."""
    with tempfile.TemporaryDirectory(dir=older.parent) as work:
        state = unpack(older, Path(work) / "older", tenant=tenant)
        later = unpack(newer, Path(work) / "newer", tenant=tenant)
        merge_erasures(later.with_name(ERASURES), into=state.with_name(ERASURES))
        target = older.with_name(f"erased-{older.name}")
        pack(target, state=state, erasures=state.with_name(ERASURES))
    return target

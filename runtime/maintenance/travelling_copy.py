"""A copy as it travels: one tar file with the checked state and the list of erasures, made and unpacked here.

::

    state.sqlite3      as ``backup`` wrote it, the customers' files in it
    erasures.jsonl     keyed hashes; whoever stands there is erased again from whatever is restored

The control plane keeps such files and reads the same form (``platform_admin/fleet/drivers/state_copy.py``).
"""

from __future__ import annotations

import contextlib
import os
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from runtime.errors import StoreError
from runtime.maintenance.backup import Backup, back_up
from runtime.maintenance.erasure_list import FILE_NAME
from runtime.media.folder import FOLDER_NAME, MediaFolder
from runtime.store.sqlite.state_store import STATE_FILE

_OWNER_ONLY: Final = 0o600
_UNDER_WAY: Final = "travelling-"
"""How folders of copies under way begin; what a killed process left of them is removed by the next copy."""


def pack(folder: Path, work: Path) -> tuple[Path, Backup]:
    """A copy of the state in ``folder`` as a file to send, in ``work``. Blocking; the state may be in use.

    Raises:
        OSError: the disk is full.
        StoreError: the copy does not pass its check.
    """
    made = back_up(folder / STATE_FILE, work / STATE_FILE, media=MediaFolder(folder / FOLDER_NAME))
    packed = work / "copy.tar.gz"
    with tarfile.open(packed, mode="w:gz", compresslevel=1) as archive:
        archive.add(made.file, STATE_FILE)
        if (folder / FILE_NAME).is_file():
            archive.add(folder / FILE_NAME, FILE_NAME)
    made.file.unlink()  # room for whatever else the volume has to take meanwhile
    return packed, made


@contextlib.contextmanager
def work_folder(folder: Path) -> Iterator[Path]:
    """A folder on the tenant's own volume for the length of the block, for its owner alone."""
    for left in folder.glob(f"{_UNDER_WAY}*"):
        for file in left.iterdir():
            file.unlink(missing_ok=True)
        left.rmdir()
    with tempfile.TemporaryDirectory(dir=folder, prefix=_UNDER_WAY) as work:
        yield Path(work)


def unpack(source: Path) -> Path:
    """Where the state of a copy lies now, beside ``source``; its list of erasures lies beside it. Blocking.

    Raises:
        StoreError: it is no copy of a state.
    """
    try:
        with tarfile.open(source, mode="r:gz") as archive:
            names = archive.getnames()
            if STATE_FILE not in names or not set(names) <= {STATE_FILE, FILE_NAME}:
                raise StoreError("what the control plane handed out is no copy of a runtime's state")
            for name in names:
                archive.extract(name, source.parent, filter="data")
    except (OSError, tarfile.TarError, EOFError) as fault:
        raise StoreError(f"the copy cannot be read ({type(fault).__name__})") from fault
    return source.with_name(STATE_FILE)


def add_erasures(copied: Path, listed: Path) -> None:
    """Add the lines of ``copied`` that ``listed`` has not; durable when it returns. Blocking.

    Nothing that was noted is ever lost, neither on the volume nor in the copy.
    """
    known = set(listed.read_text(encoding="utf-8").splitlines()) if listed.is_file() else set()
    noted = copied.read_text(encoding="utf-8").splitlines() if copied.is_file() else []
    missing = [line for line in noted if line.strip() and line not in known]
    if missing:
        descriptor = os.open(listed, os.O_WRONLY | os.O_CREAT | os.O_APPEND, _OWNER_ONLY)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write("".join(f"{line}\n" for line in missing))
            file.flush()
            os.fsync(descriptor)

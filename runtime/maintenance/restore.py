"""Putting a copy in the place of a state file. The one that was there is moved aside, never deleted."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from flow_engine.vocabulary import JSONObject
from runtime.durable import make_durable
from runtime.errors import StoreError, StoreTooNewError
from runtime.maintenance.backup import check
from runtime.maintenance.copied_media import put_back
from runtime.maintenance.erasure_list import FILE_NAME, ErasureList
from runtime.media.folder import FOLDER_NAME, MediaFolder
from runtime.ports.inbox_store import ContactKey
from runtime.privacy import PEPPER_KEY
from runtime.store.instants import to_micros
from runtime.store.sqlite.connection import lock_file, open_reader, open_writer
from runtime.store.sqlite.erasure import erase_contact
from runtime.store.sqlite.schema import APPLICATION_ID, MIGRATIONS, migrate
from runtime.store.sqlite.state_store import TENANT_KEY
from runtime.store.sync_state import SYNC_PREFIX

_CONTACTS: Final = """
    SELECT channel_id, contact_id FROM conversation UNION SELECT channel_id, contact_id FROM inbox
    UNION SELECT channel_id, contact_id FROM outbox
"""
_LEAP: Final = 2**32
"""How far the numbers of messages leap: past every one that was given out after the copy, and two million times so
before JavaScript's whole numbers end."""

_COUNTED: Final = """
    INSERT INTO sqlite_sequence (name, seq)
    SELECT 'outbox', 0 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'outbox')
"""
_COPIES_BEGUN: Final = "DELETE FROM command WHERE kind = 'backup' AND state IN ('received', 'begun')"
"""The copy was made while its own command was at work: begun again, it would replace the copy under its ticket."""

_LEAP_AHEAD: Final = "UPDATE sqlite_sequence SET seq = seq + ? WHERE name = 'outbox'"
_TAILS: Final = ("", "-wal", "-shm")


@dataclass(frozen=True, slots=True)
class Restored:
    """``aside`` is where the former file lies (``None``: there was none).

    ``erased`` is how many erasures were redone, ``media`` how many of the customers' files came back.
    """

    file: Path
    aside: Path | None
    erased: int
    media: int

    def to_json(self) -> JSONObject:
        aside = str(self.aside) if self.aside else None
        return {"file": str(self.file), "aside": aside, "erased_again": self.erased, "media_files": self.media}


def restore(copy: Path, file: Path, *, at: datetime, tenant: str | None = None) -> Restored:
    """Verify ``copy``, move what is at ``file`` aside, put the copy there, redo erasures. Blocking; nobody may run.

    Raises:
        StoreInUseError: a runtime has the file.
        StoreTooNewError: the copy was written by a newer version.
        StoreError: it is no state file, damaged, or another tenant's.
        OSError: the disk refused; the former file is in its place or beside it.
    """
    lock = lock_file(file)
    try:
        verify(copy, tenant or _tenant_of(file))
        unfinished = file.with_name(file.name + ".restoring")
        shutil.copyfile(copy, unfinished)
        unfinished.chmod(0o600)
        erased = _redo_erasures(unfinished, file.parent / FILE_NAME, at)
        media = _after_the_copy(unfinished, MediaFolder(file.parent / FOLDER_NAME))
        make_durable(unfinished)
        aside = _move_aside(file, at)
        unfinished.rename(file)
        make_durable(file.parent)
    finally:
        os.close(lock)
    return Restored(file, aside, erased, media)


def verify(copy: Path, tenant: str | None) -> None:
    """Whether ``copy`` is a whole state file of this tenant (``None``: whoever) that this version can read."""
    if not copy.is_file():
        raise StoreError(f"{copy} is no file")
    check(copy)
    with contextlib.closing(open_reader(copy)) as connection:
        if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
            raise StoreError(f"{copy} is no state file of a runtime")
        version = connection.execute("PRAGMA user_version").fetchone()[0]
    known = len(list(MIGRATIONS.glob("[0-9][0-9][0-9][0-9]_*.sql")))
    if version > known:
        raise StoreTooNewError(f"{copy} has schema version {version}, this build knows up to {known}")
    owner = _tenant_of(copy)
    if tenant is not None and owner is not None and owner != tenant:
        raise StoreError(f"{copy} is the state of another tenant")


def _tenant_of(file: Path) -> str | None:
    value = _value(file, TENANT_KEY)
    return None if value is None else value.decode()


def _value(file: Path, key: str) -> bytes | None:
    if not file.is_file():
        return None
    try:
        with contextlib.closing(open_reader(file)) as connection:
            found = connection.execute("SELECT value FROM runtime_state WHERE key = ?", (key,)).fetchone()
    except sqlite3.Error:
        return None  # a damaged file tells nobody whose it is
    return None if found is None else bytes(found[0])


def _redo_erasures(file: Path, listed: Path, at: datetime) -> int:
    """On the copy, before it takes its place: nobody who was erased comes back even for a moment."""
    pepper = _value(file, PEPPER_KEY)
    if pepper is None:
        return 0
    with contextlib.closing(open_writer(file)) as connection:
        migrate(connection)
        contacts = [ContactKey(*row) for row in connection.execute(_CONTACTS).fetchall()]
        found = ErasureList(listed, pepper).among(contacts)
        connection.execute("BEGIN IMMEDIATE")
        for contact in found:
            erase_contact(connection, contact, to_micros(at))
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return len(found)


def _after_the_copy(file: Path, media: MediaFolder) -> int:
    """How many files came back. Calendars are read whole, as at first: they know what was booked after the copy.

    A page of the web chat that is open meanwhile asks for what comes after the last message that it has, which the copy
    may not know: the next one gets a number above any that was ever given out.
    """
    with contextlib.closing(open_writer(file)) as connection:
        connection.execute("DELETE FROM runtime_state WHERE key GLOB ?", (f"{SYNC_PREFIX}*",))
        migrate(connection)
        connection.execute(_COPIES_BEGUN)
        connection.execute(_COUNTED)  # a state in which nothing was ever said has no row of it
        connection.execute(_LEAP_AHEAD, (_LEAP,))
        found = put_back(connection, media)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    return found


def _move_aside(file: Path, at: datetime) -> Path | None:
    aside = file.with_name(f"{file.name}.before-{at:%Y%m%dT%H%M%SZ}")
    for tail in _TAILS:
        part = file.with_name(file.name + tail)
        if part.exists():
            part.rename(aside.with_name(aside.name + tail))
    return aside if aside.exists() else None

"""Copies in a folder: of another disk, or one that something else carries away."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final

from platform_admin.fleet.backups.store import CopyName, StoreError

_UNFINISHED: Final = ".unfinished"


class FolderStore:
    """``BackupStore`` in ``folder``, which must be there: a disk that is not mounted is no empty store."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, name: CopyName, file: Path) -> None:
        with self._refusals():
            target = self._folder / str(name)
            target.parent.mkdir(mode=0o700, exist_ok=True)
            unfinished = target.with_name(f"{target.name}{_UNFINISHED}")
            try:
                shutil.copyfile(file, unfinished)
                unfinished.chmod(0o600)
                _have_on_disk(unfinished)
                unfinished.replace(target)
            except OSError:  # what a full disk has no room for is not to fill it
                unfinished.unlink(missing_ok=True)
                raise

    def fetch(self, name: CopyName, target: Path) -> None:
        with self._refusals():
            shutil.copyfile(self._folder / str(name), target)

    def copies(self, tenant: str) -> Sequence[CopyName]:
        return self._found(lambda: [self._folder / tenant])

    def everything(self) -> Sequence[CopyName]:
        return self._found(self._folder.iterdir)

    def clear_unfinished(self, tenants: Collection[str], *, before: datetime) -> int:
        """One that is being written was written to a moment ago, however long ago that began."""
        cleared = 0
        with self._refusals():
            for file in self._files(lambda: [self._folder / tenant for tenant in tenants]):
                if _is_unfinished(file) and _was_written_before(file, before):
                    file.unlink(missing_ok=True)
                    cleared += 1
        return cleared

    def _found(self, folders: Callable[[], Iterable[Path]]) -> Sequence[CopyName]:
        with self._refusals():
            names = map(_name_of, self._files(folders))
            return sorted(name for name in names if name is not None)

    def _files(self, folders: Callable[[], Iterable[Path]]) -> Sequence[Path]:
        if not self._folder.is_dir():
            raise StoreError(f"{self._folder} is not there. Mount it, or name another folder.")
        return [path for folder in folders() if _is_open(folder) for path in folder.iterdir()]

    def delete(self, name: CopyName) -> None:
        with self._refusals():
            (self._folder / str(name)).unlink(missing_ok=True)

    @contextmanager
    def _refusals(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise StoreError(f"{self._folder} cannot be used: {error.strerror}.") from error


def _name_of(file: Path) -> CopyName | None:
    return CopyName.read(f"{file.parent.name}/{file.name}")


def _is_unfinished(file: Path) -> bool:
    whole = file.name.removesuffix(_UNFINISHED)
    return whole != file.name and _name_of(file.with_name(whole)) is not None


def _was_written_before(file: Path, time: datetime) -> bool:
    try:
        return file.stat().st_mtime < time.timestamp()
    except FileNotFoundError:  # it was finished meanwhile
        return False


def _have_on_disk(file: Path) -> None:
    descriptor = os.open(file, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _is_open(folder: Path) -> bool:
    """Not what else a disk has at its root: ``lost+found`` is nobody's but root's."""
    return folder.is_dir() and os.access(folder, os.R_OK | os.X_OK)

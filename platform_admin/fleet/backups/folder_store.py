"""Copies in a folder: of another disk, or one that something else carries away."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from platform_admin.fleet.backups.store import CopyName, StoreError


class FolderStore:
    """``BackupStore`` in ``folder``, which must be there: a disk that is not mounted is no empty store."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, name: CopyName, file: Path) -> None:
        with self._refusals():
            target = self._folder / str(name)
            target.parent.mkdir(mode=0o700, exist_ok=True)
            unfinished = target.with_name(f"{target.name}.unfinished")
            shutil.copyfile(file, unfinished)
            unfinished.chmod(0o600)
            descriptor = os.open(unfinished, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
            unfinished.replace(target)

    def fetch(self, name: CopyName, target: Path) -> None:
        with self._refusals():
            shutil.copyfile(self._folder / str(name), target)

    def copies(self, tenant: str) -> Sequence[CopyName]:
        return self._found(lambda: [self._folder / tenant])

    def everything(self) -> Sequence[CopyName]:
        return self._found(self._folder.iterdir)

    def _found(self, folders: Callable[[], Iterable[Path]]) -> Sequence[CopyName]:
        with self._refusals():
            if not self._folder.is_dir():
                raise StoreError(f"{self._folder} is not there. Mount it, or name another folder.")
            files = [path for folder in folders() if _is_open(folder) for path in folder.iterdir()]
        names = (CopyName.read(f"{path.parent.name}/{path.name}") for path in files)
        return sorted(name for name in names if name is not None)

    def delete(self, name: CopyName) -> None:
        with self._refusals():
            (self._folder / str(name)).unlink(missing_ok=True)

    @contextmanager
    def _refusals(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise StoreError(f"{self._folder} cannot be used: {error.strerror}.") from error


def _is_open(folder: Path) -> bool:
    """Not what else a disk has at its root: ``lost+found`` is nobody's but root's."""
    return folder.is_dir() and os.access(folder, os.R_OK | os.X_OK)

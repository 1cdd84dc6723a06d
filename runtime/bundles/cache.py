"""``BundleCache``: verified bundles on the tenant's volume, so that a start needs nobody else.

A file holds exactly the bytes that were verified, and is verified again on every start: a disk is no witness. Secrets
in it are Fernet tokens. Two are kept: the live one, and the one before it for the day on which the live one is damaged;
besides them those that people still finish on, and the one that is tried.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from flow_engine.bundle import MAX_ENVELOPE_BYTES

KEPT: Final = 2

_NAME: Final = re.compile(r"(\d{12})-([0-9a-f]{16})\.dsse\.json")
_FOLDER_MODE: Final = 0o700
_FILE_MODE: Final = 0o600
_UNFINISHED: Final = ".unfinished"
_STAGED: Final = "staged.dsse.json"


@dataclass(frozen=True, slots=True)
class CachedBundle:
    """A file's bytes, unverified. ``etag`` is what the control plane calls them."""

    envelope: bytes

    @property
    def etag(self) -> str:
        """The quoted SHA-256 of the envelope: the tag that the control plane gives it."""
        return f'"{hashlib.sha256(self.envelope).hexdigest()}"'


class BundleCache:
    """One folder. File names are made of our own serials and hashes only, never of anything received. Blocking."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self) -> tuple[CachedBundle, ...]:
        """What is there, newest serial first. A file that cannot be read is passed over."""
        found: list[CachedBundle] = []
        for file in self._files():
            try:
                with file.open("rb") as opened:
                    # One byte more than allowed, so that verification sees and names the excess.
                    found.append(CachedBundle(opened.read(MAX_ENVELOPE_BYTES + 1)))
            except OSError:
                continue
        return tuple(found)

    def load_serial(self, serial: int) -> CachedBundle | None:
        """The newest kept file of this serial."""
        name = f"{serial:012d}-"
        found = [file for file in self._files() if file.name.startswith(name)]
        try:
            return CachedBundle(found[0].read_bytes()) if found else None
        except OSError:
            return None

    def store(self, envelope: bytes, serial: int, *, finishing: AbstractSet[int] = frozenset()) -> None:
        """Keep a verified bundle durably, then drop what is older than the last two. Raises ``OSError``.

        ``finishing`` are older serials that stay.
        """
        self._write(f"{serial:012d}-{hashlib.sha256(envelope).hexdigest()[:16]}.dsse.json", envelope)
        for old in self._files()[KEPT:]:
            if int(old.name[:12]) not in finishing:
                old.unlink(missing_ok=True)

    def load_staged(self) -> CachedBundle | None:
        """The release that is tried, unverified."""
        try:
            return CachedBundle((self._folder / _STAGED).read_bytes())
        except OSError:
            return None

    def store_staged(self, envelope: bytes) -> None:
        """Keep the release that is tried. Raises ``OSError``."""
        self._write(_STAGED, envelope)

    def drop_staged(self) -> None:
        """Forget the release that is tried."""
        (self._folder / _STAGED).unlink(missing_ok=True)

    def _write(self, name: str, envelope: bytes) -> None:
        self._folder.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
        target = self._folder / name
        unfinished = target.with_suffix(_UNFINISHED)
        try:
            descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _FILE_MODE)
            with os.fdopen(descriptor, "wb") as file:
                file.write(envelope)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(target)
        except OSError:
            unfinished.unlink(missing_ok=True)
            raise
        self._sync_folder()

    def _files(self) -> list[Path]:
        if not self._folder.is_dir():
            return []
        return sorted((file for file in self._folder.iterdir() if _NAME.fullmatch(file.name)), reverse=True)

    def _sync_folder(self) -> None:
        """A rename is durable once its folder is (POSIX leaves that to us)."""
        descriptor = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

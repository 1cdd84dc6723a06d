"""``BundleCache``: verified bundles on the tenant's volume, so that a start needs nobody else.

A file holds exactly the bytes that were verified, and is verified again on every start: a disk is no witness. Secrets
in it are Fernet tokens. Two are kept: the live one, and the one before it for the day on which the live one is damaged;
besides them those that people still finish on, and the one that is tried. One that no longer opens is not counted: it
never takes the place of one that does, and goes when two newer ones are there.

A bundle is signed whole, so a tenant's new key changes nothing in it: its secrets once more, under that key, stand in a
file beside it. Nobody signed that file; what is in it counts as far as one of the tenant's keys made it.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from flow_engine.bundle import MAX_ENVELOPE_BYTES
from runtime.durable import make_durable
from runtime.secrets import SealedAgain

KEPT: Final = 2

_NAME: Final = re.compile(r"(\d{12})-([0-9a-f]{16})\.dsse\.json")
_SECRETS_AGAIN: Final = re.compile(r"(\d{12})\.secrets\.json")
_FOLDER_MODE: Final = 0o700
_FILE_MODE: Final = 0o600
_UNFINISHED: Final = ".unfinished"
_STAGED: Final = "staged.dsse.json"


@dataclass(frozen=True, slots=True)
class CachedBundle:
    """A file's bytes, unverified. ``etag`` is what the control plane calls them.

    ``again``: its secrets under keys that came after it.
    """

    envelope: bytes
    again: SealedAgain = field(default_factory=dict)

    @property
    def etag(self) -> str:
        """The quoted SHA-256 of the envelope: the tag that the control plane gives it."""
        return f'"{hashlib.sha256(self.envelope).hexdigest()}"'


def _name_of(envelope: bytes, serial: int) -> str:
    return f"{serial:012d}-{hashlib.sha256(envelope).hexdigest()[:16]}.dsse.json"


def _serial_of(file: Path) -> int:
    return int(file.name[:12])


class BundleCache:
    """One folder. File names are made of our own serials and hashes only, never of anything received. Blocking."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self) -> tuple[CachedBundle, ...]:
        """What is there, newest serial first. A file that cannot be read is passed over."""
        return tuple(cached for file in self._files() if (cached := self._read(file)) is not None)

    def load_serial(self, serial: int) -> CachedBundle | None:
        """The newest kept file of this serial."""
        found = [file for file in self._files() if _serial_of(file) == serial]
        return self._read(found[0]) if found else None

    def store(
        self,
        envelope: bytes,
        serial: int,
        *,
        stay: AbstractSet[int] = frozenset(),
        opens: Callable[[CachedBundle], bool] = lambda _: True,
    ) -> None:
        """Keep a verified bundle durably, then drop what is older than the last two. Raises ``OSError``.

        ``stay`` are older serials that stay besides; ``opens`` tells which of the others still count.
        """
        name, counted = _name_of(envelope, serial), 1
        self._write(name, envelope)
        for other in self._files():
            if other.name == name:
                continue
            if _serial_of(other) == serial or (counted >= KEPT and _serial_of(other) not in stay):
                other.unlink(missing_ok=True)
            elif counted < KEPT and (cached := self._read(other)) is not None and opens(cached):
                counted += 1
        kept = {file.name[:12] for file in self._files()}
        for again in self._folder.iterdir():
            if (named := _SECRETS_AGAIN.fullmatch(again.name)) and named[1] not in kept:
                again.unlink(missing_ok=True)

    def store_secrets_again(self, again: SealedAgain, serial: int) -> None:
        """Keep a bundle's secrets under other keys beside it, durably. Raises ``OSError``."""
        self._write(f"{serial:012d}.secrets.json", json.dumps(again).encode("ascii"))

    def store_again(self, envelope: bytes, serial: int) -> None:
        """Keep the same release under another signature, in place of the one that is kept. Raises ``OSError``."""
        name = _name_of(envelope, serial)
        if (self._folder / name).exists():
            return
        self._write(name, envelope)
        for other in self._files():
            if _serial_of(other) == serial and other.name != name:
                other.unlink(missing_ok=True)

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
        make_durable(self._folder)

    def _read(self, file: Path) -> CachedBundle | None:
        try:
            with file.open("rb") as opened:
                # One byte more than allowed, so that verification sees and names the excess.
                envelope = opened.read(MAX_ENVELOPE_BYTES + 1)
        except OSError:
            return None
        return CachedBundle(envelope, self._again(_serial_of(file)))

    def _again(self, serial: int) -> SealedAgain:
        """Nothing where there is no such file, or one that says something else."""
        try:
            with (self._folder / f"{serial:012d}.secrets.json").open("rb") as opened:
                read = json.loads(opened.read(MAX_ENVELOPE_BYTES))
        except (OSError, ValueError, RecursionError):  # json: nested without end
            return {}
        if not isinstance(read, dict):
            return {}
        return {
            path: [token for token in tokens if isinstance(token, str)]
            for path, tokens in read.items()
            if isinstance(tokens, list)
        }

    def _files(self) -> list[Path]:
        if not self._folder.is_dir():
            return []
        return sorted((file for file in self._folder.iterdir() if _NAME.fullmatch(file.name)), reverse=True)

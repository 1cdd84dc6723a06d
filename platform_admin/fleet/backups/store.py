"""The store port: named copies, written whole, listed, fetched, deleted. A name is ``<tenant>/<time>.tar.gz``."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol, Self

SUFFIX: Final = ".tar.gz"
_TIME: Final = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True, order=True)
class CopyName:
    """Which tenant's, and from when (whole seconds, UTC)."""

    tenant: str
    at: datetime

    def __str__(self) -> str:
        return f"{self.tenant}/{self.at:{_TIME}}{SUFFIX}"

    @property
    def time(self) -> str:
        """As people name it: ``20260105T120000Z``."""
        return f"{self.at:{_TIME}}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """``None`` for a name that is not ours; such things are never listed, fetched or deleted."""
        tenant, _, file = text.partition("/")
        try:
            at = datetime.strptime(file.removesuffix(SUFFIX), _TIME).replace(tzinfo=UTC)
        except ValueError:
            return None
        name = cls(tenant, at)
        return name if str(name) == text else None


class StoreError(Exception):
    """The store refuses or does not answer. The message says in one line what is wrong and what to do."""


class BackupStore(Protocol):
    """Every verb raises ``StoreError``."""

    def put(self, name: CopyName, file: Path) -> None:
        """Keep ``file`` under ``name``; it is there whole or not at all."""

    def fetch(self, name: CopyName, target: Path) -> None:
        """Write the copy to ``target``."""

    def copies(self, tenant: str) -> Sequence[CopyName]:
        """All of one tenant, oldest first. A store that cannot be asked raises; it never answers with an empty list."""

    def everything(self) -> Sequence[CopyName]:
        """As ``copies``, of all tenants."""

    def delete(self, name: CopyName) -> None:
        """Have it gone."""

    def clear_unfinished(self, tenants: Collection[str], *, before: datetime) -> int:
        """Have gone what a ``put`` that was killed left of these tenants, and no ``put`` went on with since ``before``.

        How many there were. None of them is ever listed as a copy.
        """

"""``MediaStore``: which files of customers are wanted, and which are kept. The files themselves lie in a folder."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from runtime.ports.inbox_store import ContactKey


@dataclass(frozen=True, slots=True)
class WantedFile:
    """A file that a message of ``contact`` announced. ``sha256`` is what the channel said of it, if it did."""

    contact: ContactKey
    media_id: str
    message_id: str
    mime_type: str
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Wanting:
    """A file to be fetched now; ``attempts`` were made before."""

    file: WantedFile
    attempts: int


@dataclass(frozen=True, slots=True)
class KeptFile:
    """``name`` is that of the file in the folder; ``size`` in bytes."""

    file: WantedFile
    name: str
    size: int


class MediaStore(ABC):
    """Rows go ``wanted → kept | failed``. Every write is one transaction."""

    @abstractmethod
    async def want(self, file: WantedFile, *, at: datetime) -> bool:
        """Ask for a file; whether nobody had before."""

    @abstractmethod
    async def next_wanted(self, *, at: datetime) -> Wanting | datetime | None:
        """The file that waits longest; or when the next one may be tried again; ``None`` when nothing is wanted."""

    @abstractmethod
    async def keep(self, file: WantedFile, name: str, size: int) -> None:
        """It lies in the folder under ``name``."""

    @abstractmethod
    async def put_off(self, file: WantedFile, error: str, again_at: datetime | None) -> None:
        """It could not be fetched; ``None`` gives it up."""

    @abstractmethod
    async def kept(self, contact: ContactKey) -> Sequence[KeptFile]:
        """The files of one contact, oldest first."""

    @abstractmethod
    async def names(self) -> frozenset[str]:
        """Every name that a row still speaks of."""

    @abstractmethod
    async def bytes_kept(self) -> int:
        """How much of the folder is taken."""

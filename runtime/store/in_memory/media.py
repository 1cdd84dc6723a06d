"""Customers' files, in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from runtime.ports.inbox_store import ContactKey
from runtime.ports.media_store import KeptFile, MediaStore, WantedFile, Wanting

_AT_ONCE = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class MediaRow:
    file: WantedFile
    state: str = "wanted"
    attempts: int = 0
    not_before: datetime = _AT_ONCE
    name: str | None = None
    size: int = 0


class InMemoryMediaStore(MediaStore):
    """See ``MediaStore``. Nothing moves a contact's rows here: a store in memory does not outlive a number."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, str], MediaRow] = {}

    async def want(self, file: WantedFile, *, at: datetime) -> bool:
        key = (file.contact.channel_id, file.media_id)
        new = key not in self._rows
        self._rows.setdefault(key, MediaRow(replace(file)))
        return new

    async def next_wanted(self, *, at: datetime) -> Wanting | datetime | None:
        wanted = [row for row in self._rows.values() if row.state == "wanted"]
        if not wanted:
            return None
        row = min(wanted, key=lambda row: row.not_before)
        return row.not_before if row.not_before > at else Wanting(row.file, row.attempts)

    async def keep(self, file: WantedFile, name: str, size: int) -> None:
        row = self._row(file)
        row.state, row.name, row.size = "kept", name, size

    async def put_off(self, file: WantedFile, error: str, again_at: datetime | None) -> None:
        row = self._row(file)
        row.attempts += 1
        row.state, row.not_before = ("failed", _AT_ONCE) if again_at is None else ("wanted", again_at)

    async def kept(self, contact: ContactKey) -> Sequence[KeptFile]:
        return [
            KeptFile(row.file, row.name, row.size)
            for row in self._rows.values()
            if row.file.contact == contact and row.state == "kept" and row.name is not None
        ]

    async def names(self) -> frozenset[str]:
        return frozenset(row.name for row in self._rows.values() if row.name is not None)

    async def bytes_kept(self) -> int:
        return sum(row.size for row in self._rows.values() if row.state == "kept")

    def _row(self, file: WantedFile) -> MediaRow:
        return self._rows[file.contact.channel_id, file.media_id]

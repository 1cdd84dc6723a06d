"""The appointment book behind the mock calendar: what is booked, and nothing about opening hours."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from connectors.calendar.slots import Interval
from connectors.errors import ConflictError


@dataclass(frozen=True, slots=True)
class Entry:
    """One booking as it is kept. Instants are aware UTC."""

    event_id: str
    contact_id: str
    service: str
    starts_at: datetime
    ends_at: datetime
    contact_name: str = ""
    notes: str = ""
    cancelled: bool = False

    @property
    def interval(self) -> Interval:
        return Interval(self.starts_at, self.ends_at)


class AppointmentBook(ABC):
    """Keeps entries. Raises ``ConnectorError`` only."""

    @abstractmethod
    async def find(self, event_id: str) -> Entry | None:
        """The entry of this id, cancelled or not."""

    @abstractmethod
    async def between(self, start: datetime, end: datetime) -> Sequence[Entry]:
        """The entries that stand and overlap this stretch."""

    @abstractmethod
    async def of_contact(self, contact_id: str) -> Sequence[Entry]:
        """The entries of this customer that stand, in order of time."""

    @abstractmethod
    async def add(self, entry: Entry, *, idempotency_key: str) -> Entry:
        """Keep ``entry`` if its time is free, in one step; the same id again returns what is kept.

        Raises ``ConflictError`` when the time is taken.
        """

    @abstractmethod
    async def cancel(self, event_id: str, *, idempotency_key: str) -> None:
        """Free the time of this entry. Unknown or cancelled ids are no error."""


class InProcessBook(AppointmentBook):
    """A dictionary. No method awaits, so each is one step for everyone else."""

    def __init__(self) -> None:
        self._entries: dict[str, Entry] = {}

    async def find(self, event_id: str) -> Entry | None:
        return self._entries.get(event_id)

    async def between(self, start: datetime, end: datetime) -> Sequence[Entry]:
        wanted = Interval(start, end)
        return [entry for entry in self._standing() if entry.interval.overlaps(wanted)]

    async def of_contact(self, contact_id: str) -> Sequence[Entry]:
        return [entry for entry in self._standing() if entry.contact_id == contact_id]

    async def add(self, entry: Entry, *, idempotency_key: str) -> Entry:
        kept = self._entries.get(entry.event_id)
        if kept is not None:
            return kept
        if any(other.interval.overlaps(entry.interval) for other in self._standing()):
            raise ConflictError("the time is taken")
        self._entries[entry.event_id] = entry
        return entry

    async def cancel(self, event_id: str, *, idempotency_key: str) -> None:
        if event_id in self._entries:
            self._entries[event_id] = replace(self._entries[event_id], cancelled=True)

    def _standing(self) -> list[Entry]:
        return sorted(
            (entry for entry in self._entries.values() if not entry.cancelled), key=lambda entry: entry.starts_at
        )

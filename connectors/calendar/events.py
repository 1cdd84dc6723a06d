"""``CalendarEvents``: what a provider is asked for. Bookings, opening hours and people are not its business.

Whoever implements it gets a whole ``CalendarConnector`` (``ledgered.py``).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from connectors.calendar.intervals import Interval
from connectors.errors import ConflictError
from connectors.probe import Choice, ProbeResult
from connectors.state import Booking

KNOWN_AHEAD = timedelta(days=400)
"""How far ahead a calendar that is read whole is compared with the ledger: beyond every look-ahead."""


class EventExistsError(ConflictError):
    """An event of this id is there already, maybe from an attempt whose answer was lost."""


class EventChangedError(ConflictError):
    """The event is in another version than the one we know: somebody edited it."""


@dataclass(frozen=True, slots=True)
class Mark:
    """How an event of ours is told from all others: kept where the provider's users do not see it.

    ``settled`` says that nobody else was there when it was looked at after it was written (``booking_protocol.py``).
    """

    booking: Booking
    settled: bool


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """One event as it stands. Instants are aware UTC; ``version`` is the provider's ETag.

    ``blocks`` is false for what is cancelled or shown as free. ``text`` is for the business's people, who may edit it.
    """

    id: str
    calendar: str
    starts_at: datetime
    ends_at: datetime
    version: str
    blocks: bool = True
    cancelled: bool = False
    mark: Mark | None = None
    text: str = ""

    @property
    def interval(self) -> Interval:
        return Interval(self.starts_at, self.ends_at)


@dataclass(frozen=True, slots=True)
class EventDraft:
    """An event to be written. ``title`` and ``text`` are for the business's people."""

    id: str
    mark: Mark
    title: str
    text: str
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class EventChanges:
    """What happened to a calendar since ``token`` was given out.

    ``whole`` says that these are all events from now on rather than changes, because there was no token or it was
    too old: an event that is missing has been deleted.
    """

    events: Sequence[CalendarEvent]
    token: str
    whole: bool


class CalendarEvents(ABC):
    """All methods raise ``ConnectorError`` only. Calendars are named by the provider's ids."""

    exclusive: bool = False
    """Whether ``insert`` itself refuses a time that is taken (``ConflictError``), so that nobody has to look again."""

    @abstractmethod
    async def busy(self, calendars: Sequence[str], start: datetime, end: datetime) -> Mapping[str, Sequence[Interval]]:
        """When each of ``calendars`` is busy between ``start`` and ``end``.

        A calendar that cannot be read is an error, never an empty list: no time is offered on a guess.
        """

    @abstractmethod
    async def between(self, calendar: str, start: datetime, end: datetime) -> Sequence[CalendarEvent]:
        """The events that overlap this stretch, those of a series one by one; cancelled ones may be left out."""

    @abstractmethod
    async def find(self, calendar: str, event_id: str) -> CalendarEvent | None:
        """The event, cancelled or not; ``None`` when there never was one or it is gone for good."""

    @abstractmethod
    async def insert(self, draft: EventDraft) -> CalendarEvent:
        """Write a new event. Raises ``EventExistsError``."""

    @abstractmethod
    async def update(self, event: CalendarEvent, mark: Mark, *, text: str | None = None) -> CalendarEvent:
        """Write the mark, and the text if one is given, of ``event`` as it was read. Raises ``EventChangedError``."""

    @abstractmethod
    async def delete(self, calendar: str, event_id: str) -> None:
        """Remove the event. One that is not there is no error."""

    @abstractmethod
    async def changes(self, calendar: str, token: str | None, since: datetime) -> EventChanges:
        """What changed since ``token``; all events that end after ``since`` when there is none."""

    @abstractmethod
    async def probe(self, calendars: Sequence[str]) -> ProbeResult:
        """Whether the credential opens the door and each of ``calendars`` may be read and written."""

    async def calendars(self) -> Sequence[Choice]:
        """The calendars that the credential opens for writing; none where the provider does not tell."""
        return ()

    async def close(self) -> None:  # noqa: B027 - most hold nothing of their own
        """Give back what is held. Safe to call twice."""

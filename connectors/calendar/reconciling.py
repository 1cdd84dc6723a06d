"""``Reconciling``: ledger and provider brought into line, in both directions.

*From the provider*: an appointment that the business moved or deleted there is moved or cancelled here, and noted so
that its customer is told; one that this ledger lost (a restored backup) is taken in again.
*To the provider*: what a call left open when it died is finished or removed.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from connectors.calendar.availability import all_calendars
from connectors.calendar.booking_protocol import BookingProtocol, provider_id
from connectors.calendar.event_text import read_text
from connectors.calendar.events import KNOWN_AHEAD, CalendarEvent, CalendarEvents
from connectors.calendar.settings import CalendarSettings
from connectors.errors import ConflictError, ConnectorError
from connectors.state import Booking, ConnectorState, LedgerRow, Stage

LEFT_ALONE = timedelta(minutes=2)
"""Several times what a call may last: younger rows are still being worked on."""

log = logging.getLogger(__name__)


class Reconciling:
    """``events`` is ``None`` where the ledger is the only calendar there is: then nothing can differ."""

    def __init__(self, settings: CalendarSettings, state: ConnectorState, events: CalendarEvents | None) -> None:
        self._settings = settings
        self._ledger = state.appointments
        self._tokens = state.sync
        self._events = events
        self._left_alone: set[str] = set()

    @contextmanager
    def not_looking_at(self, event_id: str) -> Iterator[None]:
        """While its customer cancels it: that it is gone at the provider already is not the business's doing."""
        self._left_alone.add(event_id)
        try:
            yield
        finally:
            self._left_alone.discard(event_id)

    async def sync(self, at: datetime, protocol: BookingProtocol) -> None:
        """First what we left open, then what the business did.

        What fails holds up nothing else: a calendar that is shared no longer leaves those of the others followed. The
        first error is raised at the end.
        """
        faults: list[ConnectorError] = []
        for row in await self._ledger.unsettled(at - LEFT_ALONE):
            try:
                await self._settle(row, at, protocol)
            except ConnectorError as fault:
                faults.append(fault)
        for calendar in all_calendars(self._settings):
            try:
                await self._follow(calendar, at)
            except ConnectorError as fault:
                faults.append(fault)
        if faults:
            raise faults[0]

    async def look_at(self, row: LedgerRow, at: datetime) -> None:
        """Follow what the business did to one appointment. Raises ``ConnectorError``."""
        if self._events is not None and not self._events.exclusive:
            event = await self._events.find(row.booking.calendar, row.provider_id)
            await self._adjust(row, event, at)

    async def tidy(self, event_id: str, at: datetime) -> None:
        """Remove the event of a row that is loose. If nobody answers it stays loose, and the next ``sync`` does it."""
        row = await self._ledger.find(event_id)
        if row is None or not row.loose:
            return
        if self._events is not None:
            try:
                await self._events.delete(row.booking.calendar, row.provider_id or provider_id(row))
            except ConnectorError as fault:
                log.warning("an event is to be removed later: %s", fault)
                return
        await self._ledger.tied(event_id, at=at)

    async def _settle(self, row: LedgerRow, at: datetime, protocol: BookingProtocol) -> None:
        if row.stage is not Stage.HELD:
            await self.tidy(row.booking.event_id, at)
            return
        event = None
        if self._events is not None:
            event = await self._events.find(row.booking.calendar, provider_id(row))
        if event is None or event.cancelled:
            await self._ledger.release(row.booking.event_id, at=at)
        elif row.booking.starts_at <= at:
            await self._ledger.release(row.booking.event_id, at=at, loose=True)
            await self.tidy(row.booking.event_id, at)
        else:
            # It was written, and nobody ever told its customer; if nobody else is there, it stands.
            try:
                await protocol.establish(row, at=at, untold=True)
            except ConflictError as fault:
                log.warning("a booking is given up: %s", fault)
                await self._ledger.release(row.booking.event_id, at=at)

    async def _follow(self, calendar: str, at: datetime) -> None:
        events = self._events
        if events is None:
            return
        name = f"calendar.{calendar}"
        known_until = await self._tokens.get(name)
        changes = await events.changes(calendar, known_until, at)
        for event in changes.events:
            await self._apply(event, at, first_time=known_until is None)
        if changes.whole:
            await self._look_for_missing(calendar, (event.id for event in changes.events), at, events)
        if changes.token:
            await self._tokens.set(name, changes.token)

    async def _apply(self, event: CalendarEvent, at: datetime, *, first_time: bool) -> None:
        row = await self._row_of(event)
        if row is not None and row.stage is Stage.CONFIRMED and row.provider_id == event.id:
            await self._adjust(row, event, at)
        elif row is None and first_time and event.blocks and event.starts_at > at:
            await self._take_in(event, at)

    async def _take_in(self, event: CalendarEvent, at: datetime) -> None:
        """An appointment of a ledger that was lost. Later an unknown one is none of ours: its customer was erased."""
        if event.mark is not None and event.mark.settled:
            booking = _at_time_of(event, event.mark.booking)
            await self._ledger.adopt(booking, provider_id=event.id, version=event.version, at=at)

    async def _row_of(self, event: CalendarEvent) -> LedgerRow | None:
        """A deleted event says nothing but its id, which begins with ours."""
        if event.mark is not None:
            return await self._ledger.find(event.mark.booking.event_id)
        for length in range(len(event.id), len(event.id) - 4, -1):
            row = await self._ledger.find(event.id[:length])
            if row is not None:
                return row
        return None

    async def _look_for_missing(self, calendar: str, seen: Iterable[str], at: datetime, events: CalendarEvents) -> None:
        known = set(seen)
        for row in await self._ledger.between(at, at + KNOWN_AHEAD):
            is_here = row.stage is Stage.CONFIRMED and row.booking.calendar == calendar and row.booking.starts_at > at
            if is_here and row.provider_id not in known:
                await self._adjust(row, await events.find(calendar, row.provider_id), at)

    async def _adjust(self, row: LedgerRow, event: CalendarEvent | None, at: datetime) -> None:
        event_id, ahead = row.booking.event_id, row.booking.ends_at > at
        if event_id in self._left_alone:
            return
        if event is None or event.cancelled:
            if ahead:  # who clears up what is over cancels nothing
                await self._ledger.cancel(event_id, at=at, untold=True)
            return
        if event.version == row.version:
            return
        moved = event.starts_at != row.booking.starts_at
        if moved or event.ends_at != row.booking.ends_at:
            untold = moved and (ahead or event.starts_at > at)
            to = _at_time_of(event, row.booking)
            await self._ledger.move(event_id, to, version=event.version, at=at, untold=untold)
        else:
            await self._ledger.written(event_id, provider_id=event.id, version=event.version, at=at)
        said = read_text(event.text).attendance
        if said is not None and said is not row.attendance:
            await self._ledger.mark(event_id, said, at=at)


def _at_time_of(event: CalendarEvent, booking: Booking) -> Booking:
    """The booking where the business put it, its buffers as they were."""
    return replace(
        booking,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        blocks_from=event.starts_at - (booking.starts_at - booking.blocks_from),
        blocks_until=event.ends_at + (booking.blocks_until - booking.ends_at),
    )

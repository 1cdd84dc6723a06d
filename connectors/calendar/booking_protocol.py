"""How a booking becomes true although the provider cannot insert "only if the time is free" (docs/adr/0012).

::

    1  hold      the ledger's lanes, so that this process never books a time twice
    2  look      at the provider: somebody may be there already
    3  write     the event under an id that derives from the decision; it is marked as unsettled
    4  look      again. A person or a settled event is there: we lose. Of unsettled ones the smallest id stays
    5  settle    the mark, by the version we know
    6  look      a last time. A person is there, or one with a smaller id: we lose
    7  confirm   in the ledger; only now there is something to tell

Two that write at once see each other in 4 or in 6, because each wrote before it looked; no clock is compared. Who
settles late finds the other settled, or is found by it. At worst both lose, and both customers hear that the time
was just taken; that both win cannot happen. Losing removes our event.

Every step may be repeated: a call that died is taken up again under the same key from wherever it was.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from connectors.calendar.events import (
    CalendarEvent,
    CalendarEvents,
    EventChangedError,
    EventDraft,
    EventExistsError,
    Mark,
)
from connectors.errors import ConflictError, ConnectorError, UnavailableError
from connectors.state import AppointmentLedgerPort, Booking, ConfirmedAppointment, LedgerRow

type Drafted = Callable[[str, Mark], EventDraft]
"""(provider's id, mark) → the event to write."""

_SETTLING_TRIES = 3
"""People type; that somebody saves the same event three times between our reading and writing is no accident."""


class BookingProtocol:
    """Steps 2 to 7 over one provider."""

    def __init__(self, ledger: AppointmentLedgerPort, events: CalendarEvents | None, draft: Drafted) -> None:
        self._ledger = ledger
        self._events = events
        self._draft = draft

    async def establish(self, row: LedgerRow, *, at: datetime, untold: bool = False) -> ConfirmedAppointment | None:
        """Bring a held row to its end: confirmed, or ``None`` and released because somebody else was there.

        Raises ``ConnectorError`` with the row still held when the provider did not answer; then it is unknown
        whether the event was written, and the same call again finds out.
        """
        if self._events is not None and self._events.exclusive:
            if not await self._written_exclusively(row, self._events, at):
                await self._ledger.release(row.booking.event_id, at=at)
                return None
        elif self._events is not None and not await self._wins(row, self._events, at):
            await self._retreat(row, self._events, at)
            return None
        confirmed = await self._ledger.confirm(row.booking.event_id, at=at, untold=untold)
        if confirmed is None:
            raise UnavailableError("the booking was given up while it was being written")
        return confirmed

    async def _wins(self, row: LedgerRow, events: CalendarEvents, at: datetime) -> bool:
        if any(_is_there(other) for other in await self._others(row, events)):
            return False
        event = await self._written(row, events, at)
        if event is None or any(_beats(other, event, settled_wins=True) for other in await self._others(row, events)):
            return False
        settled = await self._settled(row, event, events, at)
        if settled is None:
            return False
        return not any(_beats(other, settled, settled_wins=False) for other in await self._others(row, events))

    async def _written_exclusively(self, row: LedgerRow, events: CalendarEvents, at: datetime) -> bool:
        try:
            event = await events.insert(self._draft(provider_id(row), Mark(row.booking, settled=True)))
        except ConflictError:
            return False
        await self._remember(row, event, at)
        return True

    async def _written(self, row: LedgerRow, events: CalendarEvents, at: datetime) -> CalendarEvent | None:
        """The event of this attempt, written now or by an attempt whose answer was lost; ``None`` if it is gone."""
        wanted = provider_id(row)
        try:
            event: CalendarEvent | None = await events.insert(self._draft(wanted, Mark(row.booking, settled=False)))
        except EventExistsError:
            event = await events.find(row.booking.calendar, wanted)
            if event is not None and not _is_of(event, row.booking):
                raise ConflictError("the id of this booking already stands for something else") from None
        if event is None or event.cancelled or event.starts_at != row.booking.starts_at:
            return None  # somebody removed or moved it before its customer ever heard of it
        await self._remember(row, event, at)
        return event

    async def _settled(
        self, row: LedgerRow, event: CalendarEvent, events: CalendarEvents, at: datetime
    ) -> CalendarEvent | None:
        """Step 5, by the version we know; a person who edits meanwhile wins, and the event is read again."""
        for _ in range(_SETTLING_TRIES):
            if event.mark is not None and event.mark.settled:
                return event
            try:
                event = await events.update(event, Mark(row.booking, settled=True))
            except EventChangedError:
                found = await events.find(row.booking.calendar, event.id)
                if found is None or found.cancelled or found.starts_at != row.booking.starts_at:
                    return None
                event = found
            else:
                await self._remember(row, event, at)
                return event
        raise UnavailableError("the event is being edited all the time")

    async def _others(self, row: LedgerRow, events: CalendarEvents) -> Sequence[CalendarEvent]:
        """What else blocks our time in our calendar and concerns us."""
        booking = row.booking
        found = await events.between(booking.calendar, booking.blocks_from, booking.blocks_until)
        return [event for event in found if event.blocks and _in_the_way(event, booking)]

    async def _retreat(self, row: LedgerRow, events: CalendarEvents, at: datetime) -> None:
        loose = False
        try:
            await events.delete(row.booking.calendar, provider_id(row))
        except ConnectorError:
            loose = True  # it is removed when the provider answers again
        await self._ledger.release(row.booking.event_id, at=at, loose=loose)

    async def _remember(self, row: LedgerRow, event: CalendarEvent, at: datetime) -> None:
        await self._ledger.written(row.booking.event_id, provider_id=event.id, version=event.version, at=at)


def provider_id(row: LedgerRow) -> str:
    """Each attempt has its own: a deleted event keeps its id for ever."""
    return row.booking.event_id if row.attempt == 1 else f"{row.booking.event_id}{row.attempt}"


def _is_of(event: CalendarEvent, booking: Booking) -> bool:
    return event.cancelled or (event.mark is not None and event.mark.booking.key == booking.key)


def _in_the_way(event: CalendarEvent, booking: Booking) -> bool:
    """Neither it nor what it replaces, and, of ours, only what shares a lane."""
    if event.mark is None:
        return event.starts_at < booking.blocks_until and booking.blocks_from < event.ends_at
    other = event.mark.booking
    if other.event_id in (booking.event_id, booking.replaces):
        return False
    apart = event.ends_at + (other.blocks_until - other.ends_at) <= booking.blocks_from
    apart = apart or booking.blocks_until <= event.starts_at - (other.starts_at - other.blocks_from)
    return not apart and any(lane.id == taken.id for lane in booking.lanes for taken in other.lanes)


def _is_there(other: CalendarEvent) -> bool:
    """Before we have written anything: a contender that is not settled may still lose, so it is written against."""
    return other.mark is None or other.mark.settled


def _beats(other: CalendarEvent, ours: CalendarEvent, *, settled_wins: bool) -> bool:
    if other.mark is None:
        return True
    if other.mark.settled and settled_wins:
        return True
    return other.id < ours.id

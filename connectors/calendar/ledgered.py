"""``LedgeredCalendar``: every calendar there is. The ledger says what is booked, the provider shows it to the business.

A provider gives its ``CalendarEvents``; without one the ledger is the only calendar, as for the practice calendar.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from connectors.calendar.appointment import AvailableDay, BookingRequest, Caller, Wish
from connectors.calendar.availability import Availability, all_calendars
from connectors.calendar.booking_protocol import BookingProtocol
from connectors.calendar.event_text import event_title, with_status, write_text
from connectors.calendar.events import CalendarEvents, EventChangedError, EventDraft, Mark
from connectors.calendar.operations import MAX_CHOICES
from connectors.calendar.parameters import read_zone
from connectors.calendar.port import CalendarConnector
from connectors.calendar.reconciling import Reconciling
from connectors.calendar.settings import CalendarSettings, Staff, lane_of, lane_of_resource
from connectors.calendar.wall_clock import day_bounds
from connectors.errors import ConflictError, RejectedError
from connectors.probe import Choice, ProbeResult
from connectors.state import (
    Attendance,
    Booking,
    ConfirmedAppointment,
    ConnectorState,
    LedgerRow,
    Stage,
)

_EVENT_ID_LENGTH = 26
"""Hex characters, 104 bits: no two keys meet, and the id fits every channel's payload and the
alphabet calendars demand (digits and letters up to v)."""

_NOTE_TRIES = 3
"""Times that a note is written into an event that people edit meanwhile."""


class LedgeredCalendar(CalendarConnector):
    """See ``CalendarConnector``. ``now`` is always when a call was decided; there is no clock in here."""

    def __init__(self, settings: CalendarSettings, state: ConnectorState, events: CalendarEvents | None = None) -> None:
        self.settings = settings
        self._ledger = state.appointments
        self._events = events
        self._availability = Availability(settings, state.appointments, events)
        self._reconciling = Reconciling(settings, state, events)

    async def get_available_days(self, first: date, days: int, wish: Wish, caller: Caller) -> Sequence[AvailableDay]:
        return await self._availability.days(first, days, wish, caller)

    async def get_available_slots(self, day: date, wish: Wish, caller: Caller) -> Sequence[datetime]:
        return await self._availability.slots(day, wish, caller)

    async def book_appointment(self, request: BookingRequest, caller: Caller) -> ConfirmedAppointment:
        return await self._book(request, caller)

    async def list_appointments(self, caller: Caller) -> Sequence[ConfirmedAppointment]:
        kept = [found for found in await self._ledger.of_contact(caller.contact_id) if _is_ahead(found, caller)]
        # Few, and asked for by somebody who decides by them: each is looked at where the business may have moved it.
        looks = [self._reconciling.look_at(found.row, caller.at) for found in kept[:MAX_CHOICES]]
        for fault in await asyncio.gather(*looks, return_exceptions=True):
            if fault is not None:
                raise fault
        return [found for found in await self._ledger.of_contact(caller.contact_id) if _is_ahead(found, caller)]

    async def list_day_appointments(self, day: date, caller: Caller) -> Sequence[ConfirmedAppointment]:
        start, end = day_bounds(day, day, caller.zone)
        rows = await self._ledger.between(start, end)
        confirmed = [row for row in rows if row.stage is Stage.CONFIRMED and start <= row.booking.starts_at < end]
        return [ConfirmedAppointment(row) for row in confirmed]

    async def reschedule_appointment(
        self, event_id: str, request: BookingRequest, caller: Caller
    ) -> ConfirmedAppointment:
        new_id = _event_id(caller)
        old = await self._own(event_id, caller)
        if old.stage is Stage.CANCELLED:
            again = await self._ledger.find(new_id)
            if again is None or again.booking.replaces != event_id:
                raise RejectedError("event_id: the appointment is cancelled")
        else:
            self._check_not_begun(old, caller)
        if old.stage is Stage.CONFIRMED and request.starts_at == old.booking.starts_at:
            return ConfirmedAppointment(old)
        wish = replace(request.wish, service=old.booking.service, moving=event_id)
        name, notes = old.booking.contact_name, old.booking.notes
        booked = await self._book(replace(request, wish=wish, contact_name=name, notes=notes), caller, replaces=old)
        await self._reconciling.tidy(event_id, caller.at)
        return booked

    async def cancel_appointment(self, event_id: str, caller: Caller) -> LedgerRow:
        row = await self._own(event_id, caller)
        if row.stage is Stage.CANCELLED:
            return row
        self._check_not_begun(row, caller)
        with self._reconciling.not_looking_at(event_id):
            if self._events is not None:
                # First there: the business goes by what the provider shows. Whatever people did to it, it is over.
                await self._events.delete(row.booking.calendar, row.provider_id)
            return await self._ledger.cancel(event_id, at=caller.at) or row

    async def mark_appointment(
        self, event_id: str, attendance: Attendance, caller: Caller, *, own: bool
    ) -> ConfirmedAppointment:
        row = await self._own(event_id, caller) if own else await self._ledger.find(event_id)
        if row is None or row.stage is not Stage.CONFIRMED:
            raise RejectedError("event_id: there is no such appointment")
        if self._events is not None:
            await self._note(row, attendance, caller, self._events)
        return ConfirmedAppointment(await self._ledger.mark(event_id, attendance, at=caller.at) or row)

    @property
    def is_followed(self) -> bool:
        return self._events is not None

    async def sync(self, at: datetime) -> None:
        nobody = Caller("", at, read_zone(self.settings.timezone or "UTC"), "")
        await self._reconciling.sync(at, self._protocol(nobody))

    async def probe(self) -> ProbeResult:
        if self._events is None:
            return await super().probe()
        return await self._events.probe(all_calendars(self.settings))

    async def choices(self) -> Sequence[Choice]:
        return () if self._events is None else await self._events.calendars()

    async def close(self) -> None:
        if self._events is not None:
            await self._events.close()

    async def _book(
        self, request: BookingRequest, caller: Caller, *, replaces: LedgerRow | None = None
    ) -> ConfirmedAppointment:
        if not caller.idempotency_key:
            raise RejectedError("the call has no idempotency key")
        protocol = self._protocol(caller)
        known = await self._begun(request, caller)
        if known is not None:
            return await self._finish(known, request, protocol, caller)
        self.settings.service(request.wish.service)
        self._availability.check_window(request.starts_at, request.wish, caller)
        free = await self._availability.free_staff(request.starts_at, request.wish, caller)
        for staff in sorted(free, key=lambda each: replaces is not None and each.id != replaces.booking.staff):
            row = await self._ledger.hold(self._booking(request, staff, caller, replaces), at=caller.at)
            appointment = await protocol.establish(row, at=caller.at) if row is not None else None
            if appointment is not None:
                return appointment
        raise ConflictError("the time is taken")

    async def _begun(self, request: BookingRequest, caller: Caller) -> LedgerRow | None:
        """The row of an earlier call for the same: under this key, or left unfinished by this customer's last try."""
        row = await self._ledger.find(_event_id(caller))
        if row is not None and row.stage is not Stage.RELEASED:
            return row
        held = await self._ledger.between(request.starts_at, request.starts_at + self.settings.step)
        return next((row for row in held if row.stage is Stage.HELD and _is_for(row.booking, request, caller)), None)

    async def _finish(
        self, row: LedgerRow, request: BookingRequest, protocol: BookingProtocol, caller: Caller
    ) -> ConfirmedAppointment:
        if not _is_for(row.booking, request, caller):
            raise ConflictError("the idempotency key already stands for another appointment")
        if row.stage is Stage.CANCELLED:
            raise ConflictError("the appointment was booked and is cancelled since")
        if row.stage is Stage.CONFIRMED:
            return ConfirmedAppointment(row)
        appointment = await protocol.establish(row, at=caller.at)
        if appointment is None:
            raise ConflictError("the time is taken")
        return appointment

    def _booking(self, request: BookingRequest, staff: Staff, caller: Caller, replaces: LedgerRow | None) -> Booking:
        service = self.settings.service(request.wish.service)
        ends_at = request.starts_at + service.duration
        resources = tuple(lane_of_resource(resource) for resource in self.settings.resources_for(service))
        return Booking(
            event_id=_event_id(caller),
            key=caller.idempotency_key,
            contact_id=caller.contact_id,
            service=service.id,
            starts_at=request.starts_at,
            ends_at=ends_at,
            blocks_from=request.starts_at - service.before,
            blocks_until=ends_at + service.after,
            lanes=(lane_of(staff), *resources),
            calendar=self.settings.calendar_of(staff),
            staff=staff.id,
            contact_name=request.contact_name,
            notes=request.notes,
            replaces=replaces.booking.event_id if replaces is not None else "",
        )

    async def _own(self, event_id: str, caller: Caller) -> LedgerRow:
        row = await self._ledger.find(event_id)
        if row is None or row.booking.contact_id != caller.contact_id or row.stage in (Stage.HELD, Stage.RELEASED):
            raise RejectedError("event_id: this customer has no such appointment")
        return row

    def _check_not_begun(self, row: LedgerRow, caller: Caller) -> None:
        if row.booking.starts_at <= caller.at:
            raise RejectedError("event_id: the appointment has already begun")

    async def _note(self, row: LedgerRow, attendance: Attendance, caller: Caller, events: CalendarEvents) -> None:
        """Tell the business in the event's own text, whatever else people have written there."""
        for _ in range(_NOTE_TRIES):
            event = await events.find(row.booking.calendar, row.provider_id)
            if event is None or event.cancelled:
                raise RejectedError("event_id: there is no such appointment any more")
            text = with_status(event.text, attendance, caller.language)
            try:
                await events.update(event, event.mark or Mark(row.booking, settled=True), text=text)
            except EventChangedError:
                continue
            return
        raise ConflictError("the event is being edited all the time")

    def _protocol(self, caller: Caller) -> BookingProtocol:
        def draft(event_id: str, mark: Mark) -> EventDraft:
            booking = mark.booking
            service = self.settings.known_service(booking.service, booking.ends_at - booking.starts_at)
            title = event_title(booking, service, caller.language)
            text = write_text(booking, service, Attendance.OPEN, caller.language)
            return EventDraft(event_id, mark, title, text, caller.zone)

        return BookingProtocol(self._ledger, self._events, draft)


def _event_id(caller: Caller) -> str:
    return hashlib.sha256(caller.idempotency_key.encode()).hexdigest()[:_EVENT_ID_LENGTH]


def _is_for(booking: Booking, request: BookingRequest, caller: Caller) -> bool:
    asked = (caller.contact_id, request.starts_at, request.wish.service)
    return (booking.contact_id, booking.starts_at, booking.service) == asked


def _is_ahead(found: ConfirmedAppointment, caller: Caller) -> bool:
    return found.booking.ends_at > caller.at

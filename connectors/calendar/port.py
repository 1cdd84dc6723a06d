"""``CalendarConnector``: a provider implements six methods over values; the JSON around them is here."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import ClassVar

from connectors.calendar.appointment import Appointment, AvailableDay, BookingRequest, Caller, Service
from connectors.calendar.operations import OPERATIONS
from connectors.calendar.parameters import read_date, read_days, read_moment, read_text, read_zone
from connectors.calendar.rendering import (
    render_appointments,
    render_booking,
    render_cancelled,
    render_days,
    render_services,
    render_slots,
)
from connectors.errors import RejectedError
from connectors.operation import Operation
from connectors.plain_json import JSON
from connectors.port import ConnectorCall, ConnectorPort


class CalendarConnector(ConnectorPort):
    """The port. All methods raise ``ConnectorError`` only.

    ``timezone`` is the calendar's own zone (IANA); empty means that of the call.
    ``lookahead_days`` is how far ahead a customer may book, today included.
    """

    category: str = "calendar"
    timezone: str = ""
    lookahead_days: int
    _operations: ClassVar[Mapping[str, Operation]] = OPERATIONS

    @property
    def operations(self) -> Mapping[str, Operation]:
        return self._operations

    @abstractmethod
    async def get_services(self) -> Sequence[Service]:
        """What can be booked, in the order it is shown."""

    @abstractmethod
    async def get_available_days(self, first: date, days: int, service: str, caller: Caller) -> Sequence[AvailableDay]:
        """The days from ``first`` on, ``days`` in all, that have a free time; past days have none.

        ``service`` is an id, or empty for "whatever is shortest to book".
        """

    @abstractmethod
    async def get_available_slots(self, day: date, service: str, caller: Caller) -> Sequence[datetime]:
        """Every free start on ``day`` (aware UTC, ascending); none on a past day."""

    @abstractmethod
    async def book_appointment(self, request: BookingRequest, caller: Caller) -> Appointment:
        """Book, once per idempotency key: the same key again returns the same appointment.

        Raises ``ConflictError`` when the time was taken meanwhile, ``RejectedError`` when it was
        never offered (in the past, outside opening hours, unknown service).
        """

    @abstractmethod
    async def list_appointments(self, caller: Caller) -> Sequence[Appointment]:
        """The caller's appointments that are not over, the next one first."""

    @abstractmethod
    async def cancel_appointment(self, event_id: str, caller: Caller) -> Appointment:
        """Cancel and free the time; cancelling again is no error.

        Raises ``RejectedError`` when the caller has no such appointment or it is over. Someone
        else's appointment is "no such appointment", so ids tell nothing.
        """

    async def invoke(self, call: ConnectorCall) -> JSON:
        """Read the parameters, call the method of the operation, write its result as JSON."""
        params = self.operation(call.operation).check(call.params)
        zone = read_zone(self.timezone or call.timezone)
        caller = Caller(call.contact_id, call.at, zone, call.idempotency_key)
        service = read_text(params, "service").removeprefix("service_")
        match call.operation:
            case "get_services":
                return render_services(await self.get_services(), call.language)
            case "get_available_days":
                first, days = read_date(params, "from_date"), read_days(params, self.lookahead_days)
                return render_days(await self.get_available_days(first, days, service, caller), call.language)
            case "get_available_slots":
                day = read_date(params, "date")
                return render_slots(await self.get_available_slots(day, service, caller), zone)
            case "book_appointment":
                name, notes = read_text(params, "contact_name"), read_text(params, "notes")
                request = BookingRequest(read_moment(params, zone), service, name, notes)
                return render_booking(await self.book_appointment(request, caller), zone, call.language)
            case "list_appointments":
                return render_appointments(await self.list_appointments(caller), zone, call.language)
            case "cancel_appointment":
                event_id = read_text(params, "event_id").removeprefix("appt_")
                return render_cancelled(await self.cancel_appointment(event_id, caller), zone, call.language)
            case undispatched:
                raise RejectedError(f"calendar declares '{undispatched}' and does not perform it")

"""``CalendarConnector``: a provider implements methods over values; the JSON around them is here."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from connectors.calendar.appointment import AvailableDay, BookingRequest, Caller, Wish
from connectors.calendar.operations import OPERATIONS
from connectors.calendar.parameters import (
    read_date,
    read_days,
    read_event_id,
    read_flag,
    read_moment,
    read_text,
    read_zone,
)
from connectors.calendar.rendering import Rendering
from connectors.calendar.settings import CalendarSettings
from connectors.errors import RejectedError
from connectors.operation import Operation
from connectors.plain_json import JSON
from connectors.port import ConnectorCall, ConnectorPort
from connectors.state import AppointmentChange, Attendance, ConfirmedAppointment, LedgerRow


class CalendarConnector(ConnectorPort):
    """The port. All methods raise ``ConnectorError`` only.

    What is said of an appointment is rendered from a ``ConfirmedAppointment`` of the ledger and from nothing else.
    """

    category: str = "calendar"
    settings: CalendarSettings
    _operations: ClassVar[Mapping[str, Operation]] = OPERATIONS

    @property
    def operations(self) -> Mapping[str, Operation]:
        return self._operations

    @abstractmethod
    async def get_available_days(self, first: date, days: int, wish: Wish, caller: Caller) -> Sequence[AvailableDay]:
        """The days from ``first`` on, ``days`` in all, that have a free time; past days have none."""

    @abstractmethod
    async def get_available_slots(self, day: date, wish: Wish, caller: Caller) -> Sequence[datetime]:
        """Every free start on ``day`` (aware UTC, ascending); none on a past day."""

    @abstractmethod
    async def book_appointment(self, request: BookingRequest, caller: Caller) -> ConfirmedAppointment:
        """Book, once per idempotency key: the same key again returns the same appointment.

        Raises ``ConflictError`` when the time was taken meanwhile, ``RejectedError`` when it was
        never offered (in the past, outside opening hours, unknown service).
        """

    @abstractmethod
    async def list_appointments(self, caller: Caller) -> Sequence[ConfirmedAppointment]:
        """The caller's appointments that are not over, the next one first."""

    @abstractmethod
    async def list_day_appointments(self, day: date, caller: Caller) -> Sequence[ConfirmedAppointment]:
        """Everybody's appointments that begin on ``day``, in order."""

    @abstractmethod
    async def reschedule_appointment(
        self, event_id: str, request: BookingRequest, caller: Caller
    ) -> ConfirmedAppointment:
        """Book the new time, then give up the old one. Raises as ``book_appointment`` and ``cancel_appointment`` do."""

    @abstractmethod
    async def cancel_appointment(self, event_id: str, caller: Caller) -> LedgerRow:
        """Cancel and free the time; cancelling again is no error.

        Raises ``RejectedError`` when the caller has no such appointment or it is over. Someone
        else's appointment is "no such appointment", so ids tell nothing.
        """

    @abstractmethod
    async def mark_appointment(
        self, event_id: str, attendance: Attendance, caller: Caller, *, own: bool
    ) -> ConfirmedAppointment:
        """Note about the customer's coming. ``own``: only to an appointment of the caller. Raises ``RejectedError``."""

    @property
    def is_followed(self) -> bool:
        """Whether there is somebody outside whose doing ``sync`` follows."""
        return False

    async def sync(self, at: datetime) -> None:
        """Bring ledger and provider into line: what the business changed there, and what an outage left open.

        Changes that customers have to hear of are in the ledger afterwards.
        """

    def news(self, change: AppointmentChange, timezone: str, language: str) -> dict[str, JSON]:
        """A change as data of the task that tells it: ``booking`` after it and ``before``, as a booking is shown."""
        rendering = self._rendering(read_zone(self.settings.timezone or timezone), language)
        return {"booking": rendering.row(change.row), "before": rendering.row(change.before)}

    def _rendering(self, caller_zone: ZoneInfo, language: str) -> Rendering:
        return Rendering(self.settings, caller_zone, language)

    async def invoke(self, call: ConnectorCall) -> JSON:
        """Read the parameters, call the method of the operation, write its result as JSON."""
        params = self.operation(call.operation).check(call.params)
        zone = read_zone(self.settings.timezone or call.timezone)
        caller = Caller(call.contact_id, call.at, zone, call.idempotency_key, call.language)
        rendering = self._rendering(zone, call.language)
        match call.operation:
            case "get_services" | "get_available_days" | "get_available_slots":
                return await self._offered(call.operation, params, caller, rendering)
            case "list_appointments":
                return rendering.appointments(await self.list_appointments(caller))
            case "list_day_appointments":
                return rendering.of_day(await self.list_day_appointments(read_date(params, "date"), caller))
            case _:
                return await self._written(call.operation, params, caller, rendering)

    async def _offered(self, operation: str, params: Mapping[str, JSON], caller: Caller, shown: Rendering) -> JSON:
        wish = _wish(params)
        match operation:
            case "get_services":
                return shown.services()
            case "get_available_days":
                first = read_date(params, "from_date")
                days = read_days(params, self.settings.lookahead(manual=wish.manual))
                return shown.days(await self.get_available_days(first, days, wish, caller))
            case _:
                near = read_moment(params, shown.zone, "near") if params.get("near") else None
                return shown.slots(await self.get_available_slots(read_date(params, "date"), wish, caller), near)

    async def _written(self, operation: str, params: Mapping[str, JSON], caller: Caller, shown: Rendering) -> JSON:
        match operation:
            case "book_appointment":
                return shown.booking(await self.book_appointment(_request(params, caller), caller))
            case "reschedule_appointment":
                event_id, request = read_event_id(params), _request(params, caller)
                return shown.booking(await self.reschedule_appointment(event_id, request, caller))
            case "cancel_appointment":
                return shown.cancelled(await self.cancel_appointment(read_event_id(params), caller))
            case "confirm_appointment":
                event_id = read_event_id(params)
                return shown.booking(await self.mark_appointment(event_id, Attendance.EXPECTED, caller, own=True))
            case "mark_attended" | "mark_no_show":
                event_id = read_event_id(params)
                came = Attendance.ATTENDED if operation == "mark_attended" else Attendance.NO_SHOW
                return shown.booking(await self.mark_appointment(event_id, came, caller, own=False))
            case undispatched:
                raise RejectedError(f"calendar declares '{undispatched}' and does not perform it")


def _wish(params: Mapping[str, JSON]) -> Wish:
    return Wish(
        service=read_text(params, "service").removeprefix("service_"),
        staff=read_text(params, "staff").removeprefix("staff_"),
        moving=read_event_id(params, "moving"),
        manual=read_flag(params, "manual"),
    )


def _request(params: Mapping[str, JSON], caller: Caller) -> BookingRequest:
    name, notes = read_text(params, "contact_name"), read_text(params, "notes")
    return BookingRequest(read_moment(params, caller.zone), _wish(params), name, notes)

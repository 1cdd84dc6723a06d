"""``MockCalendarAdapter``: opening hours and services from the configuration, bookings from a book.

Deterministic: no randomness and no clock of its own; "now" is when the call was decided.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from connectors.binding import Binding
from connectors.calendar.appointment import Appointment, AvailableDay, BookingRequest, Caller, LocalText, Service
from connectors.calendar.mock_calendar.book import AppointmentBook, Entry, InProcessBook
from connectors.calendar.mock_calendar.config import MockCalendarConfig, read_config
from connectors.calendar.port import CalendarConnector
from connectors.calendar.slots import Interval, compute_slots
from connectors.errors import ConflictError, RejectedError

CATEGORIES = frozenset({"calendar"})
CONFIG = MockCalendarConfig

_EVENT_ID_LENGTH = 26
"""Hex characters, 104 bits: no two keys meet, and the id fits every channel's payload and the
alphabet calendars demand (digits and letters up to v)."""


class MockCalendarAdapter(CalendarConnector):
    """One calendar, one chair: two appointments never overlap."""

    def __init__(self, config: MockCalendarConfig | None = None, book: AppointmentBook | None = None) -> None:
        self._config = config or MockCalendarConfig()
        self._book = book or InProcessBook()
        self.timezone = self._config.timezone
        self.lookahead_days = self._config.lookahead_days

    async def get_services(self) -> Sequence[Service]:
        return self._config.services

    async def get_available_days(self, first: date, days: int, service: str, caller: Caller) -> Sequence[AvailableDay]:
        first = max(first, caller.today)
        last = min(first + timedelta(days=days - 1), self._last_day(caller))
        duration = self._duration(service)
        busy = await self._busy(first, last, caller)
        found: list[AvailableDay] = []
        for offset in range((last - first).days + 1):
            day = first + timedelta(days=offset)
            free = len(self._slots(day, duration, busy, caller))
            if free:
                found.append(AvailableDay(day, free))
        return found

    async def get_available_slots(self, day: date, service: str, caller: Caller) -> Sequence[datetime]:
        duration = self._duration(service)
        if not caller.today <= day <= self._last_day(caller):
            return ()
        return self._slots(day, duration, await self._busy(day, day, caller), caller)

    async def book_appointment(self, request: BookingRequest, caller: Caller) -> Appointment:
        service = self._service(request.service)
        if not caller.idempotency_key:
            raise RejectedError("book_appointment: the call has no idempotency key")
        entry = Entry(
            event_id=hashlib.sha256(caller.idempotency_key.encode()).hexdigest()[:_EVENT_ID_LENGTH],
            contact_id=caller.contact_id,
            service=service.id,
            starts_at=request.starts_at,
            ends_at=request.starts_at + service.duration,
            contact_name=request.contact_name,
            notes=request.notes,
        )
        kept = await self._book.find(entry.event_id)
        if kept is None:
            self._check_offered(request.starts_at, service, caller)
            kept = await self._book.add(entry, idempotency_key=caller.idempotency_key)
        if (kept.contact_id, kept.starts_at, kept.service) != (entry.contact_id, entry.starts_at, entry.service):
            raise ConflictError("the idempotency key already stands for another appointment")
        return self._appointment(kept)

    async def list_appointments(self, caller: Caller) -> Sequence[Appointment]:
        entries = await self._book.of_contact(caller.contact_id)
        return [self._appointment(entry) for entry in entries if entry.ends_at > caller.at]

    async def cancel_appointment(self, event_id: str, caller: Caller) -> Appointment:
        entry = await self._book.find(event_id)
        if entry is None or entry.contact_id != caller.contact_id:
            raise RejectedError("event_id: this customer has no such appointment")
        if not entry.cancelled:
            if entry.starts_at <= caller.at:
                raise RejectedError("event_id: the appointment has already begun")
            await self._book.cancel(event_id, idempotency_key=caller.idempotency_key)
        return self._appointment(entry)

    def _service(self, service_id: str) -> Service:
        service = self._config.service(service_id)
        if service is None:
            known = ", ".join(service.id for service in self._config.services)
            raise RejectedError(f"service: there is no such service (services: {known})")
        return service

    def _duration(self, service_id: str) -> timedelta:
        return self._service(service_id).duration if service_id else self._config.step

    def _last_day(self, caller: Caller) -> date:
        return caller.today + timedelta(days=self.lookahead_days - 1)

    def _slots(self, day: date, duration: timedelta, busy: Sequence[Interval], caller: Caller) -> tuple[datetime, ...]:
        return compute_slots(
            day,
            self._config.hours,
            caller.zone,
            step=self._config.step,
            duration=duration,
            busy=busy,
            not_before=caller.at + self._config.lead,
        )

    def _check_offered(self, starts_at: datetime, service: Service, caller: Caller) -> None:
        """Whether the time would be offered if nobody else had booked."""
        local = starts_at.astimezone(caller.zone)
        shown = f"{local:%Y-%m-%d %H:%M}"
        if starts_at <= caller.at:
            raise RejectedError(f"date: {shown} is already past")
        if local.date() > self._last_day(caller):
            raise RejectedError(f"date: {shown} is more than {self.lookahead_days} days ahead")
        if starts_at not in self._slots(local.date(), service.duration, (), caller):
            raise RejectedError(f"time: {shown} is not a time at which '{service.id}' is offered")

    async def _busy(self, first: date, last: date, caller: Caller) -> list[Interval]:
        start = datetime.combine(first, datetime.min.time(), tzinfo=caller.zone)
        # A day more on each side: what began yesterday or runs into tomorrow overlaps as well.
        entries = await self._book.between(start - timedelta(days=1), start + timedelta(days=(last - first).days + 2))
        return [entry.interval for entry in entries]

    def _appointment(self, entry: Entry) -> Appointment:
        # A service may have left the configuration since; its appointment stands all the same.
        service = self._config.service(entry.service) or Service(
            entry.service, LocalText({"": entry.service}), entry.ends_at - entry.starts_at
        )
        return Appointment(entry.event_id, entry.starts_at, service)


def build(binding: Binding) -> MockCalendarAdapter:
    """In the process, or against the server at ``base_url``."""
    config = read_config(binding.options, binding.path)
    if not config.base_url:
        return MockCalendarAdapter(config)
    from connectors.calendar.mock_calendar.http_book import HttpBook  # noqa: PLC0415 - brings HTTP along, rarely used

    return MockCalendarAdapter(config, HttpBook(binding.guarded_http, config.base_url))

"""From a calendar's values to the plain JSON of its operations. Every provider's answers come from here.

``booking`` is what a flow writes a confirmation from. It takes a ``ConfirmedAppointment``, of which there is none
unless the ledger's row is confirmed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from connectors.calendar.appointment import REMINDER_LEAD, AvailableDay
from connectors.calendar.operations import MAX_CHOICES, MAX_OF_DAY
from connectors.calendar.settings import CalendarSettings
from connectors.calendar.slots import nearest_to, spread_over_day
from connectors.calendar.wording import minutes, short_title, wording
from connectors.plain_json import JSON, JSONObject
from connectors.state import Booking, ConfirmedAppointment, LedgerRow


@dataclass(frozen=True, slots=True)
class Rendering:
    """In the words of ``language``, by the wall clock of ``zone``."""

    settings: CalendarSettings
    zone: ZoneInfo
    language: str

    def services(self) -> JSON:
        return [
            {
                "id": f"service_{service.id}",
                "title": short_title(service.title.in_language(self.language)),
                "description": service.description.in_language(self.language)
                if service.description
                else minutes(service.duration),
            }
            for service in self.settings.services[:MAX_CHOICES]
        ]

    def days(self, days: Sequence[AvailableDay]) -> JSON:
        words = wording(self.language)
        return [
            {"id": f"day_{day.day.isoformat()}", "title": words.short_day(day.day), "description": words.free(day.free)}
            for day in days[:MAX_CHOICES]
        ]

    def slots(self, slots: Sequence[datetime], near: datetime | None = None) -> JSON:
        shown = spread_over_day(slots, MAX_CHOICES) if near is None else nearest_to(near, slots, MAX_CHOICES)
        times = [f"{slot.astimezone(self.zone):%H:%M}" for slot in shown]
        return [{"id": f"slot_{time}", "title": time} for time in times]

    def booking(self, appointment: ConfirmedAppointment) -> JSONObject:
        return self.row(appointment.row)

    def appointments(self, appointments: Sequence[ConfirmedAppointment]) -> JSON:
        words = wording(self.language)
        rows: list[JSON] = []
        for booking in [appointment.booking for appointment in appointments[:MAX_CHOICES]]:
            local = booking.starts_at.astimezone(self.zone)
            title = f"{words.short_day(local.date())}, {local:%H:%M}"
            rows.append({"id": f"appt_{booking.event_id}", "title": title, "description": self._title(booking)})
        return rows

    def of_day(self, appointments: Sequence[ConfirmedAppointment]) -> JSON:
        return [
            self.row(each.row) | {"contact_id": each.booking.contact_id, "contact_name": each.booking.contact_name}
            for each in appointments[:MAX_OF_DAY]
        ]

    def cancelled(self, row: LedgerRow) -> JSONObject:
        return {"cancelled": True, "event_id": row.booking.event_id, "when": self._when(row.booking)}

    def row(self, row: LedgerRow) -> JSONObject:
        """An appointment as a flow sees it. For confirmations there is ``booking``."""
        booking = row.booking
        local = booking.starts_at.astimezone(self.zone)
        name = next((each.name for each in self.settings.staff if each.id == booking.staff), "")
        return {
            "event_id": booking.event_id,
            "date": local.date().isoformat(),
            "time": f"{local:%H:%M}",
            "service": booking.service,
            "title": self._title(booking),
            "starts_at": iso_utc(booking.starts_at),
            "reminder_time": iso_utc(booking.starts_at - REMINDER_LEAD),
            "when": self._when(booking),
            "staff": booking.staff,
            "staff_name": name,
            "status": row.attendance.value,
        }

    def _title(self, booking: Booking) -> str:
        service = self.settings.known_service(booking.service, booking.ends_at - booking.starts_at)
        return service.title.in_language(self.language)

    def _when(self, booking: Booking) -> str:
        return wording(self.language).moment(booking.starts_at.astimezone(self.zone))


def iso_utc(instant: datetime) -> str:
    """``2026-11-24T09:00:00Z``."""
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"

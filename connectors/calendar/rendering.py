"""From a calendar's values to the plain JSON of its operations. Every provider's answers come from here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from connectors.calendar.appointment import REMINDER_LEAD, Appointment, AvailableDay, Service
from connectors.calendar.operations import MAX_CHOICES
from connectors.calendar.slots import spread_over_day
from connectors.calendar.wording import minutes, short_title, wording
from connectors.plain_json import JSON, JSONObject


def render_services(services: Sequence[Service], language: str) -> JSON:
    return [
        {
            "id": f"service_{service.id}",
            "title": short_title(service.title.in_language(language)),
            "description": service.description.in_language(language)
            if service.description
            else minutes(service.duration),
        }
        for service in services[:MAX_CHOICES]
    ]


def render_days(days: Sequence[AvailableDay], language: str) -> JSON:
    words = wording(language)
    return [
        {"id": f"day_{day.day.isoformat()}", "title": words.short_day(day.day), "description": words.free(day.free)}
        for day in days[:MAX_CHOICES]
    ]


def render_slots(slots: Sequence[datetime], zone: ZoneInfo) -> JSON:
    times = [f"{slot.astimezone(zone):%H:%M}" for slot in spread_over_day(slots, MAX_CHOICES)]
    return [{"id": f"slot_{time}", "title": time} for time in times]


def render_booking(appointment: Appointment, zone: ZoneInfo, language: str) -> JSONObject:
    local = appointment.starts_at.astimezone(zone)
    return {
        "event_id": appointment.event_id,
        "date": local.date().isoformat(),
        "time": f"{local:%H:%M}",
        "service": appointment.service.id,
        "title": appointment.service.title.in_language(language),
        "starts_at": iso_utc(appointment.starts_at),
        "reminder_time": iso_utc(appointment.starts_at - REMINDER_LEAD),
        "when": wording(language).moment(local),
    }


def render_appointments(appointments: Sequence[Appointment], zone: ZoneInfo, language: str) -> JSON:
    words = wording(language)
    rows: list[JSON] = []
    for appointment in appointments[:MAX_CHOICES]:
        local = appointment.starts_at.astimezone(zone)
        title = f"{words.short_day(local.date())}, {local:%H:%M}"
        description = appointment.service.title.in_language(language)
        rows.append({"id": f"appt_{appointment.event_id}", "title": title, "description": description})
    return rows


def render_cancelled(appointment: Appointment, zone: ZoneInfo, language: str) -> JSONObject:
    when = wording(language).moment(appointment.starts_at.astimezone(zone))
    return {"cancelled": True, "event_id": appointment.event_id, "when": when}


def iso_utc(instant: datetime) -> str:
    """``2026-11-24T09:00:00Z``."""
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"

"""The keys that every calendar of a provider has, and how they and the business settings become ``CalendarSettings``.

The block wins over what the bundle says of the business: ``schedule`` over ``business.hours``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated

from connectors.calendar.appointment import LocalText, Service
from connectors.calendar.business import Business, read_business
from connectors.calendar.opening_hours import OpeningHours, WeeklyHours, parse_weekly_hours
from connectors.calendar.operations import MAX_DAYS_AHEAD
from connectors.calendar.settings import ANYBODY, DEFAULT_HOURS, CalendarSettings
from connectors.errors import ConnectorConfigError
from connectors.kernel.option_kinds import Document, Integer, TimeZone
from connectors.kernel.options import option
from connectors.plain_json import JSONObject, ReadOnlyJSON
from connectors.words import Words

DEFAULT_LEAD_MIN = 60
"""Minutes. Nobody can be booked for the minute after; an hour lets both sides get there."""

_SPANS: JSONObject = {"type": "array", "items": {"type": "string"}}

HOURS_SCHEMA: JSONObject = {
    "type": "object",
    "x-widget": "weekly-hours",
    "properties": dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), _SPANS),
    "additionalProperties": False,
}

_DAYS = Integer(1, MAX_DAYS_AHEAD)


@dataclass(frozen=True, slots=True, kw_only=True)
class SchedulingOptions:
    """``timezone`` empty: that of each call. ``schedule`` absent: the hours of the business settings."""

    timezone: Annotated[str, option(TimeZone(), Words("Time zone", "Zona horaria"))] = ""
    slot_duration_min: Annotated[
        int, option(Integer(5, 480), Words("Minutes between two starts", "Minutos entre dos inicios"))
    ] = 30
    lookahead_days_client: Annotated[
        int, option(_DAYS, Words("Days ahead for customers, today included", "Días vista para clientes, hoy incluido"))
    ] = 60
    """Two months: further ahead people forget, and the business cannot know."""
    lookahead_days_manual: Annotated[
        int, option(_DAYS, Words("Days ahead for your own people", "Días vista para tu equipo"))
    ] = 90
    """Who works there plans a season."""
    schedule: Annotated[
        WeeklyHours | None,
        option(
            Document[WeeklyHours | None](parse_weekly_hours, HOURS_SCHEMA),
            Words("Opening hours", "Horario"),
            Words("Without them, those of the business.", "Si no las pones, las del negocio."),
        ),
    ] = None


def read_settings(
    options: SchedulingOptions,
    business: ReadOnlyJSON,
    *,
    calendar: str = "",
    services: Sequence[Service] = (),
    default_services: Sequence[Service] = (),
    lead_min: int | None = None,
) -> CalendarSettings:
    """Everything together. ``services`` and ``lead_min`` of the block win over the business's.

    Raises ``ConnectorConfigError`` with what is wrong in ``business``, at paths that begin with ``business``.
    """
    told = read_business(business, options.slot_duration_min)
    if told.problems:
        raise ConnectorConfigError([f"business.{problem}" for problem in told.problems])
    hours = _hours(options, told)
    lead = lead_min if lead_min is not None else told.lead_min
    step = timedelta(minutes=options.slot_duration_min)
    return CalendarSettings(
        services=tuple(services) or told.services or tuple(default_services) or (_plain_service(step),),
        hours=hours,
        timezone=options.timezone,
        calendar=calendar,
        step=step,
        lookahead_days=options.lookahead_days_client,
        manual_lookahead_days=max(options.lookahead_days_manual, options.lookahead_days_client),
        lead=timedelta(minutes=DEFAULT_LEAD_MIN if lead is None else lead),
        max_per_day=told.max_per_day,
        staff=told.staff_within(hours) or (ANYBODY,),
        resources=told.resources,
    )


def _hours(options: SchedulingOptions, told: Business) -> OpeningHours:
    """The week of the block, with the business's days apart."""
    apart = told.hours
    if options.schedule is None:
        return apart or DEFAULT_HOURS
    if apart is None:
        return OpeningHours(options.schedule)
    return OpeningHours(options.schedule, apart.special, apart.holidays, apart.yearly)


def _plain_service(step: timedelta) -> Service:
    """A business that names no service books plain appointments of one slot."""
    return Service("appointment", LocalText({"en": "Appointment", "es": "Cita"}), step)

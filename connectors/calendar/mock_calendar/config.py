"""The configuration of the mock calendar: the business's own keys, all optional."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Annotated
from urllib.parse import urlsplit

from connectors.calendar.appointment import LocalText, Service
from connectors.calendar.opening_hours import WeeklyHours, parse_weekly_hours
from connectors.calendar.operations import MAX_CHOICES, MAX_DAYS_AHEAD
from connectors.kernel.option_kinds import Document, Integer, TimeZone
from connectors.kernel.options import option, read_options
from connectors.plain_json import JSON, JSONObject
from connectors.words import Words

_SERVICE_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")

_SPLIT_DAY: list[JSON] = ["10:00-14:00", "17:00-21:00"]

_WEEK: dict[str, JSON] = {
    "mon": _SPLIT_DAY,
    "tue": _SPLIT_DAY,
    "wed": _SPLIT_DAY,
    "thu": _SPLIT_DAY,
    "fri": _SPLIT_DAY,
    "sat": ["10:00-14:00"],
}

DEFAULT_HOURS = parse_weekly_hours(_WEEK)
"""A small shop in Spain, so that a calendar without a schedule can be tried at once."""

DEFAULT_SERVICES = (
    Service("cut", LocalText({"en": "Haircut", "es": "Corte"}), timedelta(minutes=30)),
    Service("color", LocalText({"en": "Colour", "es": "Color"}), timedelta(minutes=90)),
    Service("beard", LocalText({"en": "Beard trim", "es": "Barba"}), timedelta(minutes=30)),
)


_ONE_STEP = 0
"""Minutes. Stands for a service that says nothing about its length: it takes as long as one step."""


def read_base_url(value: JSON) -> str:
    parts = urlsplit(value) if isinstance(value, str) else None
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        raise ValueError("must be an address like http://127.0.0.1:8090, without user or password")
    return parts.geturl().rstrip("/")


def read_services(value: JSON) -> tuple[Service, ...]:
    if not isinstance(value, list) or not 1 <= len(value) <= MAX_CHOICES:
        raise ValueError(f"must be a list of 1 to {MAX_CHOICES} services")
    services = tuple(_service(index, item) for index, item in enumerate(value))
    if len({service.id for service in services}) < len(services):
        raise ValueError("has two services with one id")
    return services


def _service(index: int, item: JSON) -> Service:
    if not isinstance(item, dict) or set(item) - {"id", "title", "description", "duration_min"}:
        raise ValueError(f"[{index}] must be a mapping of id, title, description and duration_min")
    service_id = item.get("id")
    service_id = service_id.removeprefix("service_") if isinstance(service_id, str) else ""
    if not _SERVICE_ID.fullmatch(service_id):
        raise ValueError(f"[{index}].id must be lower-case letters, digits, '-' and '_' (at most 40)")
    duration = item.get("duration_min", _ONE_STEP)
    stated = duration != _ONE_STEP
    if isinstance(duration, bool) or not isinstance(duration, int) or (stated and not 5 <= duration <= 720):  # noqa: PLR2004 - 5 minutes to 12 hours, said in the message
        raise ValueError(f"[{index}].duration_min must be a whole number from 5 to 720")
    description = item.get("description")
    return Service(
        service_id,
        _local_text(item.get("title"), f"[{index}].title"),
        timedelta(minutes=duration),
        None if description is None else _local_text(description, f"[{index}].description"),
    )


def _local_text(value: JSON, where: str) -> LocalText:
    """A text, or one per language."""
    texts = {"": value} if isinstance(value, str) else value
    if not isinstance(texts, dict) or not texts:
        raise ValueError(f"{where} must be a text, or a mapping of languages to texts")
    checked: dict[str, str] = {}
    for language, text in texts.items():
        if not isinstance(text, str) or not text.strip():
            raise ValueError(f"{where} must not be empty")
        checked[language] = text
    return LocalText(checked)


_SPANS_SCHEMA: JSONObject = {"type": "array", "items": {"type": "string"}}
_HOURS_SCHEMA: JSONObject = {
    "type": "object",
    "x-widget": "weekly-hours",
    "properties": dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), _SPANS_SCHEMA),
    "additionalProperties": False,
}
_LOCAL_TEXT_SCHEMA: JSONObject = {
    "oneOf": [{"type": "string"}, {"type": "object", "additionalProperties": {"type": "string"}}]
}
_SERVICES_SCHEMA: JSONObject = {
    "type": "array",
    "minItems": 1,
    "maxItems": MAX_CHOICES,
    "items": {
        "type": "object",
        "properties": {
            "id": {"type": "string"},
            "title": _LOCAL_TEXT_SCHEMA,
            "description": _LOCAL_TEXT_SCHEMA,
            "duration_min": {"type": "integer", "minimum": 5, "maximum": 720},
        },
        "required": ["id", "title"],
        "additionalProperties": False,
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MockCalendarConfig:
    """The block. ``timezone`` empty: that of each call. ``base_url`` empty: kept in the process."""

    slot_duration_min: Annotated[
        int, option(Integer(5, 480), Words("Minutes between two starts", "Minutos entre dos inicios"))
    ] = 30
    timezone: Annotated[str, option(TimeZone(), Words("Time zone", "Zona horaria"))] = ""
    lookahead_days_client: Annotated[
        int, option(Integer(1, MAX_DAYS_AHEAD), Words("Days ahead, today included", "Días vista, hoy incluido"))
    ] = 60
    """Two months: further ahead people forget, and the business cannot know."""
    lead_time_min: Annotated[
        int, option(Integer(0, 10_080), Words("Shortest notice, minutes", "Antelación mínima, minutos"))
    ] = 60
    """Nobody can be booked for the minute after; an hour lets both sides get there."""
    schedule: Annotated[
        WeeklyHours,
        option(Document(parse_weekly_hours, _HOURS_SCHEMA), Words("Opening hours", "Horario")),
    ] = DEFAULT_HOURS
    services: Annotated[
        tuple[Service, ...],
        option(Document(read_services, _SERVICES_SCHEMA), Words("Services", "Servicios")),
    ] = DEFAULT_SERVICES
    base_url: Annotated[
        str,
        option(
            Document(read_base_url, {"type": "string", "format": "uri"}),
            Words("Address of a calendar server", "Dirección de un servidor de calendario"),
        ),
    ] = ""

    @property
    def step(self) -> timedelta:
        """Between two starts."""
        return timedelta(minutes=self.slot_duration_min)

    @property
    def lead(self) -> timedelta:
        return timedelta(minutes=self.lead_time_min)

    @property
    def hours(self) -> WeeklyHours:
        return self.schedule

    @property
    def lookahead_days(self) -> int:
        return self.lookahead_days_client

    def service(self, service_id: str) -> Service | None:
        return next((service for service in self.services if service.id == service_id), None)


def read_config(options: Mapping[str, JSON], path: str) -> MockCalendarConfig:
    """Read a block. Raises ``ConnectorConfigError`` with every fault and its path."""
    config = read_options(MockCalendarConfig, options, path)
    step = timedelta(minutes=config.slot_duration_min)
    services = tuple(
        replace(service, duration=step) if not service.duration else service for service in config.services
    )
    return replace(config, services=services)

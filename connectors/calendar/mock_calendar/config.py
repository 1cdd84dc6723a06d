"""The configuration of the mock calendar: the business's own keys, all optional."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Annotated
from urllib.parse import urlsplit

from connectors.calendar.appointment import LocalText, Service
from connectors.calendar.business import MAX_NOTICE_MIN, read_local_text
from connectors.calendar.operations import MAX_CHOICES
from connectors.calendar.scheduling_options import DEFAULT_LEAD_MIN, SchedulingOptions, read_settings
from connectors.calendar.settings import CalendarSettings
from connectors.kernel.option_kinds import Document, Integer
from connectors.kernel.options import option
from connectors.plain_json import JSON, JSONObject, ReadOnlyJSON
from connectors.words import Words

_SERVICE_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")

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
        read_local_text(item.get("title"), f"[{index}].title"),
        timedelta(minutes=duration),
        None if description is None else read_local_text(description, f"[{index}].description"),
    )


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
class MockCalendarConfig(SchedulingOptions):
    """The block. ``base_url`` empty: kept in the ledger of this process."""

    lead_time_min: Annotated[
        int | None,
        option(
            Integer(0, MAX_NOTICE_MIN),
            Words("Shortest notice, minutes", "Antelación mínima, minutos"),
            example=DEFAULT_LEAD_MIN,
        ),
    ] = None
    services: Annotated[
        tuple[Service, ...],
        option(Document(read_services, _SERVICES_SCHEMA), Words("Services", "Servicios")),
    ] = ()
    base_url: Annotated[
        str,
        option(
            Document(read_base_url, {"type": "string", "format": "uri"}),
            Words("Address of a calendar server", "Dirección de un servidor de calendario"),
        ),
    ] = ""


def read_mock_settings(config: MockCalendarConfig, business: ReadOnlyJSON) -> CalendarSettings:
    """Everything together. Raises ``ConnectorConfigError``."""
    step = timedelta(minutes=config.slot_duration_min)
    services = [service if service.duration else replace(service, duration=step) for service in config.services]
    return read_settings(
        config, business, services=services, default_services=DEFAULT_SERVICES, lead_min=config.lead_time_min
    )

"""The configuration of the mock calendar: the business's own keys, all optional."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from connectors.calendar.appointment import LocalText, Service
from connectors.calendar.opening_hours import WeeklyHours, parse_weekly_hours
from connectors.calendar.operations import MAX_CHOICES, MAX_DAYS_AHEAD
from connectors.kernel.config_reader import ConfigReader
from connectors.plain_json import JSON

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


@dataclass(frozen=True, slots=True)
class MockCalendarConfig:
    """``timezone`` empty: that of each call. ``base_url`` empty: kept in the process."""

    timezone: str = ""
    step: timedelta = timedelta(minutes=30)
    """Between two starts."""
    lookahead_days: int = 60
    """Today included. Two months: further ahead people forget, and the business cannot know."""
    lead: timedelta = timedelta(minutes=60)
    """Nobody can be booked for the minute after; an hour lets both sides get there."""
    hours: WeeklyHours = DEFAULT_HOURS
    services: tuple[Service, ...] = DEFAULT_SERVICES
    base_url: str = ""

    def service(self, service_id: str) -> Service | None:
        return next((service for service in self.services if service.id == service_id), None)


def read_config(options: Mapping[str, JSON], path: str) -> MockCalendarConfig:
    """Read a block. Raises ``ConnectorConfigError`` with every fault and its path."""
    reader = ConfigReader(options, path)
    default = MockCalendarConfig()
    step = reader.take_integer("slot_duration_min", 30, minimum=5, maximum=480)
    config = MockCalendarConfig(
        timezone=reader.take_parsed("timezone", _zone_name, default.timezone),
        step=timedelta(minutes=step),
        lookahead_days=reader.take_integer(
            "lookahead_days_client", default.lookahead_days, minimum=1, maximum=MAX_DAYS_AHEAD
        ),
        lead=timedelta(minutes=reader.take_integer("lead_time_min", 60, minimum=0, maximum=10_080)),
        hours=reader.take_parsed("schedule", parse_weekly_hours, default.hours),
        services=reader.take_parsed("services", lambda value: _services(value, step), default.services),
        base_url=reader.take_parsed("base_url", _base_url, default.base_url),
    )
    reader.finish()
    return config


def _zone_name(value: JSON) -> str:
    try:
        return ZoneInfo(value if isinstance(value, str) else "").key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("must be a time zone like Europe/Madrid") from None


def _base_url(value: JSON) -> str:
    parts = urlsplit(value) if isinstance(value, str) else None
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        raise ValueError("must be an address like http://127.0.0.1:8090, without user or password")
    return parts.geturl().rstrip("/")


def _services(value: JSON, step_minutes: int) -> tuple[Service, ...]:
    if not isinstance(value, list) or not 1 <= len(value) <= MAX_CHOICES:
        raise ValueError(f"must be a list of 1 to {MAX_CHOICES} services")
    services = tuple(_service(index, item, step_minutes) for index, item in enumerate(value))
    if len({service.id for service in services}) < len(services):
        raise ValueError("has two services with one id")
    return services


def _service(index: int, item: JSON, step_minutes: int) -> Service:
    if not isinstance(item, dict) or set(item) - {"id", "title", "description", "duration_min"}:
        raise ValueError(f"[{index}] must be a mapping of id, title, description and duration_min")
    service_id = item.get("id")
    service_id = service_id.removeprefix("service_") if isinstance(service_id, str) else ""
    if not _SERVICE_ID.fullmatch(service_id):
        raise ValueError(f"[{index}].id must be lower-case letters, digits, '-' and '_' (at most 40)")
    duration = item.get("duration_min", step_minutes)
    if isinstance(duration, bool) or not isinstance(duration, int) or not 5 <= duration <= 720:  # noqa: PLR2004 - 5 minutes to 12 hours, said in the message
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

"""Reads what a bundle says about the business (``settings.business``) as far as a calendar needs it.

::

    hours:        {mon: ["10:00-14:00"], …}                          the week
    special_days: [{date: 2026-12-24, hours: ["10:00-13:00"]}]       days with hours of their own
    holidays:     [2026-12-25, 01-06]                                closed, once or every year
    services:     [{id, name, minutes, buffer_before_min, buffer_after_min, description, staff: [], resources: []}]
    staff:        [{id, name, calendar_id, hours: {…}}]
    resources:    [{id, name, capacity, calendar_id}]
    lead_time_min, max_per_day

Everything may be absent, and keys that are not a calendar's business are passed over. Texts are plain or one for each
language. ``hours`` may hold ``special_days`` (a mapping) and ``holidays`` too, as the flow language reads them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from connectors.calendar.appointment import LocalText, Service
from connectors.calendar.opening_hours import (
    WEEKDAYS,
    OpeningHours,
    OpenSpan,
    WeeklyHours,
    parse_spans,
    parse_weekly_hours,
)
from connectors.calendar.settings import Resource, Staff
from connectors.plain_json import JSON, ReadOnlyJSON

_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_YEARLY = re.compile(r"(\d{2})-(\d{2})")
MAX_NOTICE_MIN = 10_080
"""A week: more notice than that is no appointment book."""

MAX_ITEMS = 200
"""Of services, of staff, of days apart: far more than a small business has, few enough to read at once."""


@dataclass(slots=True)
class Business:
    """What was told; ``None`` or empty where nothing was. ``problems`` are ``path: what is wrong``."""

    hours: OpeningHours | None = None
    services: tuple[Service, ...] = ()
    staff: tuple[Staff, ...] = ()
    resources: tuple[Resource, ...] = ()
    lead_min: int | None = None
    max_per_day: int | None = None
    problems: list[str] = field(default_factory=list)

    def staff_within(self, hours: OpeningHours) -> tuple[Staff, ...]:
        """The staff, nobody of them at work while the business is closed."""
        return tuple(
            replace(each, hours=replace(each.hours, within=hours)) if each.hours else each for each in self.staff
        )


def read_business(value: ReadOnlyJSON, step_minutes: int) -> Business:
    """Read all of it; ``step_minutes`` is how long a service without ``minutes`` takes."""
    told = Business()

    def part[T](path: str, default: T, read: Callable[[], T]) -> T:
        try:
            return read()
        except ValueError as error:
            told.problems.append(f"{path}: {error}")
            return default

    told.hours = part("hours", None, lambda: _hours(value))
    told.staff = part("staff", (), lambda: _each(value.get("staff"), _staff))
    told.resources = part("resources", (), lambda: _each(value.get("resources"), _resource))
    told.services = part(
        "services", (), lambda: _each(value.get("services"), lambda item: _service(item, step_minutes))
    )
    told.lead_min = part("lead_time_min", None, lambda: _optional(value, "lead_time_min", 0, MAX_NOTICE_MIN))
    told.max_per_day = part("max_per_day", None, lambda: _optional(value, "max_per_day", 1, 1_000))
    told.problems += _strangers(told)
    return told


def _strangers(told: Business) -> list[str]:
    staff, resources = {each.id for each in told.staff}, {each.id for each in told.resources}
    problems = []
    for service in told.services:
        problems += [
            f"services: {service.id} names staff '{one}', which there is not"
            for one in service.staff
            if one not in staff
        ]
        problems += [
            f"services: {service.id} names resource '{one}', which there is not"
            for one in service.resources
            if one not in resources
        ]
    return problems


def _hours(value: ReadOnlyJSON) -> OpeningHours | None:
    hours = value.get("hours")
    if hours is None:
        return None
    if not isinstance(hours, dict):
        raise ValueError("must be a mapping of weekdays (mon … sun) to lists of 'HH:MM-HH:MM'")  # noqa: TRY004 - a fault of the document
    week = _week({key: spans for key, spans in hours.items() if key in WEEKDAYS})
    special = _special(value.get("special_days")) | _special(hours.get("special_days"))
    days = [*_list(value.get("holidays"), "holidays"), *_list(hours.get("holidays"), "holidays")]
    yearly = frozenset(_month_day(day) for day in days if isinstance(day, str) and _YEARLY.fullmatch(day))
    once = frozenset(_date(day) for day in days if not (isinstance(day, str) and _YEARLY.fullmatch(day)))
    return OpeningHours(week, special, once, yearly)


def _week(value: Mapping[str, JSON]) -> WeeklyHours:
    """Single texts are lists of one, and hours past midnight go on in the next morning."""
    days: dict[str, list[JSON]] = {weekday: [] for weekday in WEEKDAYS}
    for index, weekday in enumerate(WEEKDAYS):
        told = value.get(weekday)
        for span in told if isinstance(told, list) else [] if told is None else [told]:
            text = str(span).replace("–", "-").strip() if isinstance(span, str) else span
            begin, _, end = text.partition("-") if isinstance(text, str) else ("", "", "")
            if "00:00" < end.strip() <= begin.strip():
                days[weekday].append(f"{begin.strip()}-24:00")
                days[WEEKDAYS[(index + 1) % len(WEEKDAYS)]].append(f"00:00-{end.strip()}")
            elif end.strip() == "00:00":
                days[weekday].append(f"{begin.strip()}-24:00")
            else:
                days[weekday].append(text)
    return parse_weekly_hours({weekday: spans for weekday, spans in days.items() if spans})


def _special(value: JSON) -> dict[date, tuple[OpenSpan, ...]]:
    if isinstance(value, dict):
        value = [{"date": day, "hours": hours} for day, hours in value.items()]
    found: dict[date, tuple[OpenSpan, ...]] = {}
    for item in _list(value, "special_days"):
        if not isinstance(item, dict):
            raise ValueError("special_days must be a list of {date, hours}")  # noqa: TRY004 - a fault of the document
        day = _date(item.get("date"))
        hours = item.get("hours") or []
        found[day] = parse_spans(day.isoformat(), hours if isinstance(hours, list) else [hours])
    return found


def _each[T](value: JSON, read: Callable[[Mapping[str, JSON]], T]) -> tuple[T, ...]:
    found: dict[str, T] = {}
    for index, item in enumerate(_list(value, "")):
        if not isinstance(item, dict):
            raise ValueError(f"[{index}] must be a mapping")  # noqa: TRY004 - a fault of the document
        item_id = item.get("id")
        if not isinstance(item_id, str) or not _ID.fullmatch(item_id.removeprefix("service_")):
            raise ValueError(f"[{index}].id must be lower-case letters, digits, '-' and '_' (at most 40)")
        if item_id in found:
            raise ValueError(f"has two entries with the id '{item_id}'")
        try:
            found[item_id] = read(item)
        except ValueError as error:
            raise ValueError(f"[{index}].{error}") from None
    return tuple(found.values())


def _service(item: Mapping[str, JSON], step_minutes: int) -> Service:
    description = item.get("description")
    return Service(
        str(item["id"]).removeprefix("service_"),
        read_local_text(item.get("name") or item.get("title"), "name"),
        timedelta(minutes=_number(item, "minutes", step_minutes, 5, 720)),
        None if description is None else read_local_text(description, "description"),
        timedelta(minutes=_number(item, "buffer_before_min", 0, 0, 240)),
        timedelta(minutes=_number(item, "buffer_after_min", 0, 0, 240)),
        _ids(item, "staff"),
        _ids(item, "resources"),
    )


def _staff(item: Mapping[str, JSON]) -> Staff:
    hours = _hours(item)
    name = read_local_text(item.get("name") or item["id"], "name").in_language("")
    return Staff(str(item["id"]), name, _text(item, "calendar_id"), hours)


def _resource(item: Mapping[str, JSON]) -> Resource:
    return Resource(str(item["id"]), _number(item, "capacity", 1, 1, 1_000), _text(item, "calendar_id"))


def read_local_text(value: JSON, where: str) -> LocalText:
    """A text, or one for each language. Raises ``ValueError``."""
    texts = {"": value} if isinstance(value, str) else value
    if not isinstance(texts, dict) or not texts:
        raise ValueError(f"{where} must be a text, or a mapping of languages to texts")
    checked: dict[str, str] = {}
    for language, text in texts.items():
        if not isinstance(text, str) or not text.strip():
            raise ValueError(f"{where} must not be empty")
        checked[language] = text
    return LocalText(checked)


def _ids(item: Mapping[str, JSON], key: str) -> tuple[str, ...]:
    return tuple(str(one) for one in _list(item.get(key), key))


def _text(item: Mapping[str, JSON], key: str) -> str:
    value = item.get(key)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"{key} must be a text")
    return (value or "").strip()


def _number(item: Mapping[str, JSON], key: str, default: int, minimum: int, maximum: int) -> int:
    value = _optional(item, key, minimum, maximum)
    return default if value is None else value


def _optional(item: Mapping[str, JSON], key: str, minimum: int, maximum: int) -> int | None:
    value = item.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not minimum <= value <= maximum:
        raise ValueError(f"{key} must be a whole number from {minimum} to {maximum}")
    return value


def _list(value: JSON, name: str) -> list[JSON]:
    if value is None:
        return []
    if not isinstance(value, list) or len(value) > MAX_ITEMS:
        raise ValueError(f"{name} must be a list of at most {MAX_ITEMS}".strip())
    return value


def _date(value: JSON) -> date:
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise ValueError("a day must be written like 2026-12-25, or 12-25 for every year") from None


def _month_day(text: str) -> tuple[int, int]:
    day = _date(f"2024-{text}")  # a leap year, so that 02-29 is a day
    return day.month, day.day

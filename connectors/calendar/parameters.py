"""Reads the parameters of a calendar operation; what does not read is rejected in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from connectors.calendar.operations import MAX_DAYS_AHEAD
from connectors.calendar.wall_clock import local_to_utc
from connectors.errors import RejectedError
from connectors.plain_json import JSON

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


def read_date(params: Mapping[str, JSON], name: str) -> date:
    value = params.get(name)
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise RejectedError(f"{name}: there is no such day as {value}") from None
    raise RejectedError(f"{name}: must be a date like 2026-11-24")


def read_moment(params: Mapping[str, JSON], zone: ZoneInfo, name: str = "time") -> datetime:
    """``date`` and the time in ``name``, of the business's wall clock, as an instant (UTC)."""
    day = read_date(params, "date")
    value = params.get(name)
    match = _TIME.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise RejectedError(f"{name}: must be a time like 10:00")
    moment = local_to_utc(day, time(int(match[1]), int(match[2])), zone)
    if moment is None:
        raise RejectedError(f"{name}: the clocks skip {match[0]} on {day.isoformat()}")
    return moment


def read_days(params: Mapping[str, JSON], default: int) -> int:
    value = params.get("lookahead_days", default)
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value[:4])  # a template inside a longer text renders numbers as text
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MAX_DAYS_AHEAD:
        raise RejectedError(f"lookahead_days: must be a whole number from 1 to {MAX_DAYS_AHEAD}")
    return value


def read_text(params: Mapping[str, JSON], name: str, *, longest: int = 500) -> str:
    """A text of at most ``longest`` characters; empty when absent."""
    value = params.get(name, "")
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise RejectedError(f"{name}: must be a text")
    text = str(value).strip()
    if len(text) > longest:
        raise RejectedError(f"{name}: is longer than {longest} characters")
    return text


def read_zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise RejectedError(f"timezone: there is no zone '{name}'") from None


def read_event_id(params: Mapping[str, JSON], name: str = "event_id") -> str:
    """An id as the booking gave it, or with the prefix it has in a list."""
    return read_text(params, name).removeprefix("appt_")


def read_flag(params: Mapping[str, JSON], name: str) -> bool:
    """Yes or no; a template inside a longer text renders it as one."""
    value = params.get(name, False)
    if value in (True, "true", "True", "yes"):
        return True
    if value in (False, "false", "False", "no"):
        return False
    raise RejectedError(f"{name}: must be true or false")

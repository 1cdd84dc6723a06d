"""Between the API's events and ours: times, marks, and nothing that cannot be read.

An event of ours carries private extended properties, which its calendar's users do not see and other applications do
not overwrite (developers.google.com/workspace/calendar/api/guides/extended-properties). What people may edit, its
description, is read by ``calendar.event_text``, tolerantly.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from connectors.calendar.event_marks import decode_mark, encode_mark
from connectors.calendar.event_text import read_text
from connectors.calendar.events import CalendarEvent, EventDraft, Mark
from connectors.calendar.google_calendar.error_table import SERVER
from connectors.calendar.intervals import Interval
from connectors.errors import UnavailableError
from connectors.plain_json import JSON, JSONObject

_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""Of an event that is gone the API tells no times."""


def parse_event(value: JSON, calendar: str, zone: JSON = None) -> CalendarEvent:
    """``zone`` is the calendar's own, which whole days are read in. Raises ``UnavailableError``."""
    try:
        if not isinstance(value, dict):
            raise TypeError("an event is an object")
        event_id, cancelled = value["id"], value.get("status") == "cancelled"
        if not isinstance(event_id, str):
            raise TypeError("an id is a text")
        if cancelled and "start" not in value:
            return CalendarEvent(event_id, calendar, _NEVER, _NEVER, "", blocks=False, cancelled=True)
        starts_at, ends_at = _moment(value["start"], zone), _moment(value["end"], zone)
        text = str(value.get("description") or "")
        return CalendarEvent(
            id=event_id,
            calendar=calendar,
            starts_at=starts_at,
            ends_at=ends_at,
            version=str(value.get("etag") or ""),
            blocks=not cancelled and value.get("transparency") != "transparent",
            cancelled=cancelled,
            mark=_mark(value, calendar, starts_at, ends_at, text),
            text=text,
        )
    except (LookupError, TypeError, ValueError) as error:
        raise UnavailableError(f"{SERVER}: an event of the answer cannot be read") from error


def parse_busy(value: JSON) -> list[Interval]:
    """Raises ``UnavailableError``."""
    try:
        if not isinstance(value, list):
            raise TypeError("busy times are a list")
        return [_busy(item) for item in value]
    except (LookupError, TypeError, ValueError) as error:
        raise UnavailableError(f"{SERVER}: a busy time of the answer cannot be read") from error


def event_body(draft: EventDraft) -> JSONObject:
    """The event to insert."""
    booking = draft.mark.booking
    return {
        "id": draft.id,
        "summary": draft.title,
        "description": draft.text,
        "start": _written(booking.starts_at, draft.zone),
        "end": _written(booking.ends_at, draft.zone),
        "transparency": "opaque",
        "extendedProperties": marked(draft.mark),
    }


def marked(mark: Mark) -> JSONObject:
    return {"private": {**encode_mark(mark)}}


def _mark(value: JSONObject, calendar: str, starts_at: datetime, ends_at: datetime, text: str) -> Mark | None:
    properties = value.get("extendedProperties")
    private = properties.get("private") if isinstance(properties, dict) else None
    if not isinstance(private, dict):
        return None
    said = read_text(text)
    return decode_mark(private, calendar, starts_at, ends_at, said)


def _busy(value: JSON) -> Interval:
    if not isinstance(value, dict):
        raise TypeError("a busy time is an object")
    return Interval(_instant(value["start"]), _instant(value["end"]))


def _written(moment: datetime, zone: ZoneInfo) -> JSONObject:
    return {"dateTime": moment.astimezone(zone).isoformat(), "timeZone": zone.key}


def _moment(value: JSON, zone: JSON) -> datetime:
    if not isinstance(value, dict):
        raise TypeError("a time is an object")
    if "dateTime" in value:
        return _instant(value["dateTime"])
    whole = date.fromisoformat(str(value["date"]))
    return datetime.combine(whole, time(), tzinfo=_zone(value.get("timeZone") or zone)).astimezone(UTC)


def _zone(name: JSON) -> ZoneInfo:
    try:
        return ZoneInfo(str(name or "UTC"))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def _instant(value: JSON) -> datetime:
    instant = datetime.fromisoformat(str(value))
    if instant.utcoffset() is None:
        raise ValueError("an instant must have an offset")
    return instant.astimezone(UTC).replace(microsecond=0) + _rounded(instant)


def _rounded(instant: datetime) -> timedelta:
    """Parts of a second are kept as a whole one: to be busy for longer is the careful side."""
    return timedelta(seconds=1) if instant.microsecond else timedelta()

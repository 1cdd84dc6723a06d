"""iCalendar (RFC 5545) to and from our events. Brings ``icalendar`` along: imported by the first call, in a thread."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

from connectors.calendar.caldav.client import SERVER
from connectors.calendar.caldav.dav_xml import Resource
from connectors.calendar.event_marks import NAMES, decode_mark, encode_mark
from connectors.calendar.event_text import read_text
from connectors.calendar.events import CalendarEvent, EventDraft, Mark
from connectors.errors import UnavailableError

_PRODUCT = "-//Frontdesk//Appointments//EN"
_MARKS = {name: f"X-{name.replace('_', '-').upper()}" for name in NAMES}


def new_event(draft: EventDraft, now: datetime) -> str:
    """The file of a new event. Times are in UTC, which every program shows in its user's zone."""
    booking = draft.mark.booking
    event = icalendar.Event()
    event.add("uid", draft.id)
    event.add("dtstamp", now)
    event.add("dtstart", booking.starts_at.astimezone(UTC))
    event.add("dtend", booking.ends_at.astimezone(UTC))
    event.add("summary", draft.title)
    event.add("description", draft.text)
    event.add("transp", "OPAQUE")
    _mark(event, draft.mark)
    calendar = icalendar.Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add_component(event)
    return str(calendar.to_ical().decode())


def edited_event(text: str, mark: Mark, description: str | None) -> str:
    """The file with another mark and perhaps another text; whatever else people and programs wrote stays."""
    calendar = _parsed(text)
    for event in calendar.walk("VEVENT"):
        _mark(event, mark)
        if description is not None:
            event.pop("DESCRIPTION", None)
            event.add("description", description)
    return str(calendar.to_ical().decode())


def events_between(
    resources: Iterable[Resource], calendar: str, zone: ZoneInfo, start: datetime, end: datetime
) -> list[CalendarEvent]:
    """The events of these files that overlap this stretch, those of a series one by one."""
    found: list[CalendarEvent] = []
    for resource in resources:
        parsed = _parsed(resource.text)
        try:
            occurrences = recurring_ical_events.of(parsed).between(start, end)
            found += [_event(each, resource, calendar, zone) for each in occurrences]
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            raise _unreadable() from error
    return [event for event in found if event.starts_at < end and start < event.ends_at]


def single_event(resource: Resource, calendar: str, zone: ZoneInfo) -> CalendarEvent:
    """The event of a file, the first of a series."""
    for event in _parsed(resource.text).walk("VEVENT"):
        try:
            return _event(event, resource, calendar, zone)
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            raise _unreadable() from error
    raise _unreadable()


def gone_event(name: str, calendar: str) -> CalendarEvent:
    """What is left of an event that was removed."""
    never = datetime(1970, 1, 1, tzinfo=UTC)
    return CalendarEvent(name, calendar, never, never, "", blocks=False, cancelled=True)


def _event(event: icalendar.Component, resource: Resource, calendar: str, zone: ZoneInfo) -> CalendarEvent:
    starts_at = _instant(event.decoded("DTSTART"), zone)
    ends_at = _end(event, starts_at, zone)
    text = str(event.get("DESCRIPTION", ""))
    cancelled = str(event.get("STATUS", "")).upper() == "CANCELLED"
    marks = {name: str(event[key]) for name, key in _MARKS.items() if key in event}
    return CalendarEvent(
        id=resource.name,
        calendar=calendar,
        starts_at=starts_at,
        ends_at=ends_at,
        version=resource.version,
        blocks=not cancelled and str(event.get("TRANSP", "")).upper() != "TRANSPARENT",
        cancelled=cancelled,
        mark=decode_mark(marks, calendar, starts_at, ends_at, read_text(text)) if marks else None,
        text=text,
    )


def _end(event: icalendar.Component, starts_at: datetime, zone: ZoneInfo) -> datetime:
    """DTEND, else DTSTART and DURATION, else the day of a whole day (RFC 5545 section 3.6.1)."""
    if "DTEND" in event:
        return _instant(event.decoded("DTEND"), zone)
    if "DURATION" in event:
        length: timedelta = event.decoded("DURATION")
        return starts_at + length
    return starts_at if isinstance(event.decoded("DTSTART"), datetime) else starts_at + timedelta(days=1)


def _instant(value: date | datetime, zone: ZoneInfo) -> datetime:
    """Whole days and times without a zone are read on the business's wall clock."""
    if not isinstance(value, datetime):
        value = datetime.combine(value, time())
    return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC)


def _mark(event: icalendar.Component, mark: Mark) -> None:
    for name, text in encode_mark(mark).items():
        event.pop(_MARKS[name], None)
        event.add(_MARKS[name], text)


def _parsed(text: str) -> icalendar.Calendar:
    try:
        parsed = icalendar.Calendar.from_ical(text)
    except (ValueError, LookupError, RecursionError) as error:
        raise _unreadable() from error
    if not isinstance(parsed, icalendar.Calendar):
        raise _unreadable()
    return parsed


def _unreadable() -> UnavailableError:
    return UnavailableError(f"{SERVER}: an event of the answer cannot be read")

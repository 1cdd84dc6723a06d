"""``GoogleQueries``: what is asked of a calendar, as values."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import batched

from connectors.calendar.events import CalendarEvent, EventChanges
from connectors.calendar.google_calendar.client import GoogleClient
from connectors.calendar.google_calendar.error_table import SERVER, SyncTokenExpiredError
from connectors.calendar.google_calendar.parser import parse_busy, parse_event
from connectors.calendar.google_calendar.repository import GoogleRepository
from connectors.calendar.intervals import Interval
from connectors.calendar.rendering import iso_utc
from connectors.errors import UnavailableError
from connectors.plain_json import JSON

_LOOK_BACK = timedelta(hours=24)
"""On each side of what is looked at: a whole day is bounded in the calendar's zone, the question in ours."""

_SPAN = timedelta(days=62)
"""Of one question: two months, what customers are offered. The API refuses too long a time, and does not say which."""

_AT_ONCE = 50
"""Calendars in one question; the API takes no more."""


class GoogleQueries:
    """Every method raises ``ConnectorError`` only."""

    def __init__(self, client: GoogleClient) -> None:
        self._client = client
        self._repository = GoogleRepository(client)

    async def busy(self, calendars: Sequence[str], start: datetime, end: datetime) -> Mapping[str, Sequence[Interval]]:
        found: dict[str, list[Interval]] = {calendar: [] for calendar in calendars}
        begins = start
        while begins < end:
            ends = min(begins + _SPAN, end)
            for some in batched(calendars, _AT_ONCE):
                answer = await self._repository.free_busy(some, begins, ends)
                for calendar in some:
                    found[calendar] += await self._busy(calendar, answer.get(calendar))
            begins = ends
        return found

    async def _busy(self, calendar: str, told: JSON) -> list[Interval]:
        """A success may hold an error for a calendar, or nothing: then nothing is offered, rather than everything."""
        if not isinstance(told, dict):
            raise UnavailableError(f"{SERVER}: the answer says nothing of the calendar {calendar}")
        errors = told.get("errors")
        if errors:
            told_each = errors if isinstance(errors, list) else []
            if any(isinstance(item, dict) and item.get("reason") == "notFound" for item in told_each):
                raise await self._client.unshared(calendar)
            raise UnavailableError(f"{SERVER}: the calendar {calendar} cannot be read now")
        return parse_busy(told.get("busy"))

    async def between(self, calendar: str, start: datetime, end: datetime) -> Sequence[CalendarEvent]:
        query = {"timeMin": iso_utc(start - _LOOK_BACK), "timeMax": iso_utc(end + _LOOK_BACK)}
        wanted = Interval(start, end)
        events = [event async for event in self._all(calendar, query)]
        return [event for event in events if event.interval.overlaps(wanted)]

    async def find(self, calendar: str, event_id: str) -> CalendarEvent | None:
        found = await self._repository.event(calendar, event_id)
        return None if found is None else parse_event(found, calendar)

    async def changes(self, calendar: str, token: str | None, since: datetime) -> EventChanges:
        if token is not None:
            try:
                return await self._changes(calendar, {"syncToken": token}, whole=False)
            except SyncTokenExpiredError:
                pass  # the calendar is read whole instead
        return await self._changes(calendar, {"timeMin": iso_utc(since)}, whole=True)

    async def _changes(self, calendar: str, query: Mapping[str, str], *, whole: bool) -> EventChanges:
        events: list[CalendarEvent] = []
        token = ""
        async for page in self._repository.events(calendar, query):
            events += [parse_event(item, calendar, page.get("timeZone")) for item in _items(page.get("items"))]
            token = str(page.get("nextSyncToken") or "")
        return EventChanges(events, token, whole=whole)

    async def _all(self, calendar: str, query: Mapping[str, str]) -> AsyncIterator[CalendarEvent]:
        async for page in self._repository.events(calendar, query):
            for item in _items(page.get("items")):
                yield parse_event(item, calendar, page.get("timeZone"))


def _items(value: JSON) -> list[JSON]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise UnavailableError(f"{SERVER}: the answer is not a list of events")
    return value

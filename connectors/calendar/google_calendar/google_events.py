"""``GoogleEvents``: ``CalendarEvents`` over the API, queries and mutations together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from connectors.calendar.events import CalendarEvent, CalendarEvents, EventChanges, EventDraft, Mark
from connectors.calendar.google_calendar.client import GoogleClient
from connectors.calendar.google_calendar.mutations import GoogleMutations
from connectors.calendar.google_calendar.queries import GoogleQueries
from connectors.calendar.google_calendar.sharing import probe_sharing
from connectors.calendar.intervals import Interval
from connectors.probe import ProbeResult


class GoogleEvents(CalendarEvents):
    """See ``CalendarEvents``."""

    def __init__(self, client: GoogleClient) -> None:
        self._client = client
        self._queries = GoogleQueries(client)
        self._mutations = GoogleMutations(client)

    async def busy(self, calendars: Sequence[str], start: datetime, end: datetime) -> Mapping[str, Sequence[Interval]]:
        return await self._queries.busy(calendars, start, end)

    async def between(self, calendar: str, start: datetime, end: datetime) -> Sequence[CalendarEvent]:
        return await self._queries.between(calendar, start, end)

    async def find(self, calendar: str, event_id: str) -> CalendarEvent | None:
        return await self._queries.find(calendar, event_id)

    async def insert(self, draft: EventDraft) -> CalendarEvent:
        return await self._mutations.insert(draft)

    async def update(self, event: CalendarEvent, mark: Mark, *, text: str | None = None) -> CalendarEvent:
        return await self._mutations.update(event, mark, text=text)

    async def delete(self, calendar: str, event_id: str) -> None:
        await self._mutations.delete(calendar, event_id)

    async def changes(self, calendar: str, token: str | None, since: datetime) -> EventChanges:
        return await self._queries.changes(calendar, token, since)

    async def probe(self, calendars: Sequence[str]) -> ProbeResult:
        return await probe_sharing(self._client, calendars)

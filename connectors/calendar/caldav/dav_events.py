"""``DavEvents``: ``CalendarEvents`` over CalDAV. Files are read in a thread: a full month takes a tenth of a second."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import batched
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from connectors.calendar.caldav.client import SERVER, DavClient, MissingError, StaleTokenError, not_there
from connectors.calendar.caldav.dav_xml import (
    Multistatus,
    Resource,
    collections_body,
    home_body,
    multiget_body,
    principal_body,
    privileges_body,
    query_body,
    read_collections,
    read_href,
    read_multistatus,
    sync_body,
)
from connectors.calendar.caldav.sharing import judge
from connectors.calendar.events import (
    KNOWN_AHEAD,
    CalendarEvent,
    CalendarEvents,
    EventChangedError,
    EventChanges,
    EventDraft,
    EventExistsError,
    Mark,
)
from connectors.calendar.intervals import Interval
from connectors.clock import Clock
from connectors.errors import UnavailableError
from connectors.probe import Choice, ProbeResult

if TYPE_CHECKING:
    from types import ModuleType

_AT_ONCE = 100
"""Files asked for together: some 150 kB of the megabyte an answer may have."""

_LOOK_BACK = timedelta(hours=24)
"""On each side of what is looked at: a whole day is bounded in the server's zone, the question in ours."""


class DavEvents(CalendarEvents):
    """``zone`` is the wall clock of the business, for whole days and times without a zone."""

    def __init__(self, client: DavClient, zone: ZoneInfo, clock: Clock) -> None:
        self._client = client
        self._zone = zone
        self._clock = clock

    async def busy(self, calendars: Sequence[str], start: datetime, end: datetime) -> Mapping[str, Sequence[Interval]]:
        found: dict[str, Sequence[Interval]] = {}
        for calendar in calendars:
            events = await self.between(calendar, start, end)
            found[calendar] = [event.interval for event in events if event.blocks]
        return found

    async def between(self, calendar: str, start: datetime, end: datetime) -> Sequence[CalendarEvent]:
        body = query_body(start - _LOOK_BACK, end + _LOOK_BACK)
        answer = await self._report(calendar, body, depth="1")
        ics = await _ics()
        return await asyncio.to_thread(ics.events_between, answer.resources, calendar, self._zone, start, end)

    async def find(self, calendar: str, event_id: str) -> CalendarEvent | None:
        resource = await self._read(calendar, event_id)
        return None if resource is None else await self._single(resource, calendar)

    async def insert(self, draft: EventDraft) -> CalendarEvent:
        calendar = draft.mark.booking.calendar
        ics = await _ics()
        text = await asyncio.to_thread(ics.new_event, draft, self._clock.now())
        try:
            await self._put(calendar, draft.id, text, {"if-none-match": "*"})
        except EventChangedError as error:
            raise EventExistsError(str(error)) from error
        return await self._written(calendar, draft.id)

    async def update(self, event: CalendarEvent, mark: Mark, *, text: str | None = None) -> CalendarEvent:
        resource = await self._read(event.calendar, event.id)
        if resource is None or resource.version != event.version:
            raise EventChangedError("the event is in another version than the one we know")
        ics = await _ics()
        edited = await asyncio.to_thread(ics.edited_event, resource.text, mark, text)
        await self._put(event.calendar, event.id, edited, {"if-match": event.version})
        return await self._written(event.calendar, event.id)

    async def delete(self, calendar: str, event_id: str) -> None:
        try:
            await self._client.request("DELETE", self._client.event(calendar, event_id))
        except MissingError:
            await self._client.check_there(calendar)

    async def changes(self, calendar: str, token: str | None, since: datetime) -> EventChanges:
        if token is not None:
            try:
                return await self._since(calendar, token)
            except StaleTokenError:
                pass  # the calendar is read whole instead
        # The token first: what happens while the events are read is told again the next time.
        answer = await self._report(calendar, sync_body(""), depth="0")
        events = await self.between(calendar, since, since + KNOWN_AHEAD)
        return EventChanges(events, answer.token, whole=True)

    async def _since(self, calendar: str, token: str) -> EventChanges:
        answer = await self._report(calendar, sync_body(token), depth="0")
        present = [resource.name for resource in answer.resources if not resource.gone]
        events: list[CalendarEvent] = []
        for names in batched(present, _AT_ONCE):
            body = multiget_body(answer.paths[name] for name in names)
            for resource in (await self._report(calendar, body, depth="1")).resources:
                events += await self._readable(resource, calendar)
        ics = await _ics()
        events += [ics.gone_event(resource.name, calendar) for resource in answer.resources if resource.gone]
        return EventChanges(events, answer.token, whole=False)

    async def probe(self, calendars: Sequence[str]) -> ProbeResult:
        for calendar in calendars:
            response = await self._propfind(calendar)
            verdict = judge(calendar, response)
            if not verdict.ok:
                return verdict
        return judge("", await self._propfind(calendars[0]))

    async def calendars(self) -> Sequence[Choice]:
        """From any address of the server: who we are, where our calendars lie, which there are."""
        start = self._client.calendar("")
        who = read_href(await self._asked(start, principal_body()), "current-user-principal")
        home = read_href(await self._asked(self._client.calendar(who), home_body()), "calendar-home-set") if who else ""
        if not home:
            return ()
        found = read_collections(await self._asked(self._client.calendar(home), collections_body(), depth="1"))
        addresses = [(self._client.calendar(item.path), item.title) for item in found]
        return [Choice("url", address, title or address) for address, title in addresses]

    async def _asked(self, url: str, body: str, *, depth: str = "0") -> bytes:
        answer = await self._client.request("PROPFIND", url, body=body, headers={"depth": depth})
        return answer.content

    async def _propfind(self, calendar: str) -> Multistatus | None:
        url = self._client.calendar(calendar)
        try:
            answer = await self._client.request("PROPFIND", url, body=privileges_body(), headers={"depth": "0"})
        except MissingError:
            return None
        return read_multistatus(answer.content)

    async def _readable(self, resource: Resource, calendar: str) -> list[CalendarEvent]:
        """Of a whole calendar one file that cannot be read is passed over: it is none of ours."""
        if not resource.text:
            return []
        try:
            return [await self._single(resource, calendar)]
        except UnavailableError:
            return []

    async def _report(self, calendar: str, body: str, *, depth: str) -> Multistatus:
        try:
            answer = await self._client.request(
                "REPORT", self._client.calendar(calendar), body=body, headers={"depth": depth}
            )
        except MissingError:
            raise not_there() from None
        return read_multistatus(answer.content)

    async def _read(self, calendar: str, event_id: str) -> Resource | None:
        try:
            answer = await self._client.request("GET", self._client.event(calendar, event_id))
        except MissingError:
            await self._client.check_there(calendar)
            return None
        version = answer.headers.get("etag", "")
        if not version:
            raise UnavailableError(f"{SERVER}: it gives no version of an event; nothing can be changed safely there")
        return Resource(event_id, version, answer.text, gone=False)

    async def _single(self, resource: Resource, calendar: str) -> CalendarEvent:
        ics = await _ics()
        event: CalendarEvent = await asyncio.to_thread(ics.single_event, resource, calendar, self._zone)
        return event

    async def _put(self, calendar: str, event_id: str, text: str, condition: Mapping[str, str]) -> None:
        try:
            await self._client.request("PUT", self._client.event(calendar, event_id), body=text, headers=condition)
        except MissingError:
            raise not_there() from None

    async def _written(self, calendar: str, event_id: str) -> CalendarEvent:
        """What stands there now: a server may have changed what it was given, and then tells no version."""
        event = await self.find(calendar, event_id)
        if event is None:
            raise EventChangedError("the event was deleted meanwhile")
        return event


async def _ics() -> ModuleType:
    """10 MiB and a fifth of a second: by the first call of a tenant that has such a calendar, beside the loop."""
    return await asyncio.to_thread(_import_ics)


def _import_ics() -> ModuleType:
    from connectors.calendar.caldav import ics  # noqa: PLC0415 - see above

    return ics

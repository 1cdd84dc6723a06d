"""Events behind a small HTTP server: ``/events`` with an ``Idempotency-Key`` on what books.

The server keeps one chair and decides in one step whether a time is free. People do not edit there, so there is
nothing to follow.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from urllib.parse import quote

import httpx2

from connectors.calendar.events import CalendarEvent, CalendarEvents, EventChanges, EventDraft, Mark
from connectors.calendar.intervals import Interval
from connectors.calendar.rendering import iso_utc
from connectors.calendar.settings import ANYBODY, lane_of
from connectors.errors import UnavailableError
from connectors.kernel.http_errors import raise_for_status, read_json, transport_errors
from connectors.plain_json import JSON, JSONObject
from connectors.probe import ProbeResult, works
from connectors.state import Booking
from connectors.words import Words

_SERVER = "calendar server"


class HttpEvents(CalendarEvents):
    """``base_url`` has no trailing slash."""

    exclusive = True

    def __init__(self, http: Callable[[], httpx2.AsyncClient], base_url: str) -> None:
        self._http = http
        self._base_url = base_url

    async def busy(self, calendars: Sequence[str], start: datetime, end: datetime) -> Mapping[str, Sequence[Interval]]:
        intervals = [event.interval for event in await self.between("", start, end)]
        return dict.fromkeys(calendars, intervals)

    async def between(self, calendar: str, start: datetime, end: datetime) -> Sequence[CalendarEvent]:
        response = await self._request("GET", "/events", query={"from": iso_utc(start), "to": iso_utc(end)})
        raise_for_status(response, _SERVER)
        events = read_json(response, _SERVER)
        if not isinstance(events, list):
            raise UnavailableError(f"{_SERVER}: the answer is not a list of events")
        return [_event(event) for event in events]

    async def find(self, calendar: str, event_id: str) -> CalendarEvent | None:
        response = await self._request("GET", _path(event_id))
        if response.status_code == HTTPStatus.NOT_FOUND:
            return None
        raise_for_status(response, _SERVER)
        return _event(read_json(response, _SERVER))

    async def insert(self, draft: EventDraft) -> CalendarEvent:
        booking = draft.mark.booking
        response = await self._request("POST", "/events", key=booking.key, body=_body(draft.id, booking))
        raise_for_status(response, _SERVER)
        return _event(read_json(response, _SERVER))

    async def update(self, event: CalendarEvent, mark: Mark, *, text: str | None = None) -> CalendarEvent:
        """The server keeps neither marks nor texts."""
        return event

    async def delete(self, calendar: str, event_id: str) -> None:
        response = await self._request("DELETE", _path(event_id))
        if response.status_code != HTTPStatus.NOT_FOUND:
            raise_for_status(response, _SERVER)

    async def changes(self, calendar: str, token: str | None, since: datetime) -> EventChanges:
        """Nobody edits there."""
        return EventChanges((), "", whole=False)

    async def probe(self, calendars: Sequence[str]) -> ProbeResult:
        response = await self._request("GET", "/events", query={"contact_id": "nobody"})
        raise_for_status(response, _SERVER)
        read_json(response, _SERVER)
        return works(Words("The calendar server answers.", "El servidor de calendario responde."))

    async def _request(
        self,
        method: str,
        path: str,
        *,
        key: str = "",
        query: Mapping[str, str] | None = None,
        body: JSONObject | None = None,
    ) -> httpx2.Response:
        headers = {"idempotency-key": key} if key else {}
        with transport_errors(_SERVER):
            return await self._http().request(method, self._base_url + path, params=query, json=body, headers=headers)


def _path(event_id: str) -> str:
    """An id comes back from a customer's tap and may hold anything; it stays one segment of the path."""
    return f"/events/{quote(event_id, safe='')}"


def _body(event_id: str, booking: Booking) -> JSONObject:
    return {
        "id": event_id,
        "contact_id": booking.contact_id,
        "service": booking.service,
        "start": iso_utc(booking.starts_at),
        "end": iso_utc(booking.ends_at),
        "contact_name": booking.contact_name,
        "notes": booking.notes,
        "replaces": booking.replaces,
    }


def _event(event: JSON) -> CalendarEvent:
    try:
        if not isinstance(event, dict):
            raise TypeError("an event must be a mapping")
        cancelled = event.get("status") == "cancelled"
        booking = _booking(event)
        return CalendarEvent(
            id=booking.event_id,
            calendar="",
            starts_at=booking.starts_at,
            ends_at=booking.ends_at,
            version="",
            blocks=not cancelled,
            cancelled=cancelled,
            mark=Mark(booking, settled=True),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise UnavailableError(f"{_SERVER}: an event of the answer cannot be read") from error


def _booking(event: JSONObject) -> Booking:
    """Everything on this server is ours, and sits in its one chair."""
    starts_at, ends_at = _instant(event["start"]), _instant(event["end"])
    return Booking(
        event_id=str(event["id"]),
        key="",
        contact_id=str(event["contact_id"]),
        service=str(event["service"]),
        starts_at=starts_at,
        ends_at=ends_at,
        blocks_from=starts_at,
        blocks_until=ends_at,
        lanes=(lane_of(ANYBODY),),
    )


def _instant(value: JSON) -> datetime:
    instant = datetime.fromisoformat(str(value))
    if instant.tzinfo is None:
        raise ValueError("an instant must have an offset")
    return instant

"""The appointment book behind a small HTTP server: ``/events`` with an ``Idempotency-Key`` on writes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from http import HTTPStatus
from urllib.parse import quote

import httpx2

from connectors.calendar.mock_calendar.book import AppointmentBook, Entry
from connectors.calendar.rendering import iso_utc
from connectors.errors import UnavailableError
from connectors.kernel.http_errors import raise_for_status, read_json, transport_errors
from connectors.plain_json import JSON, JSONObject

_SERVER = "calendar server"


class HttpBook(AppointmentBook):
    """``base_url`` has no trailing slash. The server decides in one step whether a time is free."""

    def __init__(self, http: Callable[[], httpx2.AsyncClient], base_url: str) -> None:
        self._http = http
        self._base_url = base_url

    async def find(self, event_id: str) -> Entry | None:
        response = await self._request("GET", _path(event_id))
        if response.status_code == HTTPStatus.NOT_FOUND:
            return None
        raise_for_status(response, _SERVER)
        return _entry(read_json(response, _SERVER))

    async def between(self, start: datetime, end: datetime) -> Sequence[Entry]:
        return await self._list({"from": iso_utc(start), "to": iso_utc(end)})

    async def of_contact(self, contact_id: str) -> Sequence[Entry]:
        return await self._list({"contact_id": contact_id})

    async def add(self, entry: Entry, *, idempotency_key: str) -> Entry:
        response = await self._request("POST", "/events", key=idempotency_key, body=_body(entry))
        raise_for_status(response, _SERVER)
        return _entry(read_json(response, _SERVER))

    async def cancel(self, event_id: str, *, idempotency_key: str) -> None:
        response = await self._request("DELETE", _path(event_id), key=idempotency_key)
        if response.status_code != HTTPStatus.NOT_FOUND:
            raise_for_status(response, _SERVER)

    async def _list(self, query: Mapping[str, str]) -> list[Entry]:
        response = await self._request("GET", "/events", query=query)
        raise_for_status(response, _SERVER)
        events = read_json(response, _SERVER)
        if not isinstance(events, list):
            raise UnavailableError(f"{_SERVER}: the answer is not a list of events")
        return [_entry(event) for event in events]

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


def _body(entry: Entry) -> JSONObject:
    return {
        "id": entry.event_id,
        "contact_id": entry.contact_id,
        "service": entry.service,
        "start": iso_utc(entry.starts_at),
        "end": iso_utc(entry.ends_at),
        "contact_name": entry.contact_name,
        "notes": entry.notes,
    }


def _entry(event: JSON) -> Entry:
    try:
        if not isinstance(event, dict):
            raise TypeError("an event must be a mapping")
        return Entry(
            event_id=str(event["id"]),
            contact_id=str(event["contact_id"]),
            service=str(event["service"]),
            starts_at=_instant(event["start"]),
            ends_at=_instant(event["end"]),
            contact_name=str(event.get("contact_name", "")),
            notes=str(event.get("notes", "")),
            cancelled=event.get("status") == "cancelled",
        )
    except (KeyError, TypeError, ValueError) as error:
        raise UnavailableError(f"{_SERVER}: an event of the answer cannot be read") from error


def _instant(value: JSON) -> datetime:
    instant = datetime.fromisoformat(str(value))
    if instant.tzinfo is None:
        raise ValueError("an instant must have an offset")
    return instant

"""``GoogleRepository``: what the API tells, fetched whole and otherwise as it is."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime

from connectors.calendar.google_calendar.client import GoogleClient, events_path
from connectors.calendar.google_calendar.error_table import SERVER, NotFoundError
from connectors.calendar.rendering import iso_utc
from connectors.errors import UnavailableError
from connectors.plain_json import JSON, JSONObject

_PAGE = "250"
"""Events a page: with the fields below some 250 kB, a quarter of what an answer may have."""

_MAX_PAGES = 40
"""Ten thousand events: no salon has them, and a token that leads in circles must end."""

_EVENT_FIELDS = "id,status,etag,start,end,transparency,description,extendedProperties/private"
_LIST_FIELDS = f"nextPageToken,nextSyncToken,timeZone,items({_EVENT_FIELDS})"


class GoogleRepository:
    """Every method raises ``ConnectorError``, or one of ``error_table``."""

    def __init__(self, client: GoogleClient) -> None:
        self._client = client

    async def free_busy(self, calendars: Sequence[str], start: datetime, end: datetime) -> JSONObject:
        """The ``calendars`` member of the answer, by calendar."""
        items: list[JSON] = [{"id": calendar} for calendar in calendars]
        body: JSONObject = {"timeMin": iso_utc(start), "timeMax": iso_utc(end), "timeZone": "UTC", "items": items}
        answer = await self._client.request("POST", "/freeBusy", body=body)
        found = answer.get("calendars")
        if not isinstance(found, dict):
            raise UnavailableError(f"{SERVER}: the answer says nothing of any calendar")
        return found

    async def events(self, calendar: str, query: Mapping[str, str]) -> AsyncIterator[JSONObject]:
        """Page after page. A page may be empty and yet have a next one."""
        fixed = {**query, "singleEvents": "true", "maxResults": _PAGE, "fields": _LIST_FIELDS}
        token: JSON = None
        for _ in range(_MAX_PAGES):
            more = {"pageToken": token} if isinstance(token, str) else {}
            try:
                page = await self._client.request("GET", events_path(calendar), query=fixed | more)
            except NotFoundError:
                raise await self._client.unshared(calendar) from None
            yield page
            token = page.get("nextPageToken")
            if not token:
                return
        raise UnavailableError(f"{SERVER}: the list of events does not end")

    async def event(self, calendar: str, event_id: str) -> JSONObject | None:
        """One event; ``None`` when there is none in a calendar that can be seen."""
        try:
            return await self._client.request("GET", events_path(calendar, event_id), query={"fields": _EVENT_FIELDS})
        except NotFoundError:
            await self._client.check_shared(calendar)
            return None

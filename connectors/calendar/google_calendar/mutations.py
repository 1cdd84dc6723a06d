"""``GoogleMutations``: what is written to a calendar. Nobody is mailed: our customers hear from us."""

from __future__ import annotations

from connectors.calendar.events import CalendarEvent, EventChangedError, EventDraft, Mark
from connectors.calendar.google_calendar.client import GoogleClient, events_path
from connectors.calendar.google_calendar.error_table import NotFoundError, SyncTokenExpiredError
from connectors.calendar.google_calendar.parser import event_body, marked, parse_event
from connectors.plain_json import JSONObject

_SILENTLY = {"sendUpdates": "none"}


class GoogleMutations:
    """Every method raises ``ConnectorError`` only."""

    def __init__(self, client: GoogleClient) -> None:
        self._client = client

    async def insert(self, draft: EventDraft) -> CalendarEvent:
        """Raises ``EventExistsError``; the id is ours, so a repetition is told from a second event."""
        calendar = draft.mark.booking.calendar
        try:
            written = await self._client.request("POST", events_path(calendar), query=_SILENTLY, body=event_body(draft))
        except NotFoundError:
            raise await self._client.unshared(calendar) from None
        return parse_event(written, calendar)

    async def update(self, event: CalendarEvent, mark: Mark, *, text: str | None = None) -> CalendarEvent:
        """Raises ``EventChangedError`` when the event is no longer as it was read."""
        body: JSONObject = {"extendedProperties": marked(mark)}
        if text is not None:
            body["description"] = text
        path = events_path(event.calendar, event.id)
        try:
            written = await self._client.request("PATCH", path, query=_SILENTLY, body=body, if_match=event.version)
        except (NotFoundError, SyncTokenExpiredError):
            raise EventChangedError("the event was deleted meanwhile") from None
        return parse_event(written, event.calendar)

    async def delete(self, calendar: str, event_id: str) -> None:
        """What is gone already is as it should be, if only the calendar can still be seen."""
        try:
            await self._client.request("DELETE", events_path(calendar, event_id), query=_SILENTLY)
        except SyncTokenExpiredError:
            return  # 410: it has been deleted before
        except NotFoundError:
            await self._client.check_shared(calendar)

"""The methods of the API over the fake's memory. Raises ``GoogleError`` for what Google would refuse."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request

from tests.fakes.google_calendar.memory import Calendar, Event, moment

_ID = re.compile(r"[a-v0-9]{5,1024}")
_WRITERS = ("writer", "owner")
_NOT_WITH_SYNC = {"timeMin", "timeMax", "orderBy", "q", "updatedMin", "privateExtendedProperty", "iCalUID"}


class GoogleError(Exception):
    """An error answer."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(f"{status} {reason}")
        self.status = status
        self.reason = reason


class EventsAPI:
    def __init__(self, calendars: dict[str, Calendar], page_size: Callable[[], int]) -> None:
        self._calendars = calendars
        self._page_size = page_size

    def free_busy(self, _request: Request, body: Any) -> dict[str, Any]:
        start, end = datetime.fromisoformat(body["timeMin"]), datetime.fromisoformat(body["timeMax"])
        if len(body["items"]) > 50:
            raise GoogleError(400, "tooManyCalendarsRequested")
        found = {item["id"]: self._busy(item["id"], start, end) for item in body["items"]}
        return {"kind": "calendar#freeBusy", "timeMin": body["timeMin"], "timeMax": body["timeMax"], "calendars": found}

    def _busy(self, calendar_id: str, start: datetime, end: datetime) -> dict[str, Any]:
        calendar = self._calendars.get(calendar_id)
        if calendar is None or calendar.role == "none":
            return {"errors": [{"domain": "global", "reason": "notFound"}], "busy": []}
        spans = sorted(
            (moment(event["start"], calendar.zone), moment(event["end"], calendar.zone))
            for event in calendar.standing()
            if event.get("transparency") != "transparent"
        )
        merged: list[list[datetime]] = []
        for begins, ends in spans:  # Google tells only when, as one stretch for what touches
            if begins >= end or ends <= start:
                continue
            if merged and begins <= merged[-1][1]:
                merged[-1][1] = max(merged[-1][1], ends)
            else:
                merged.append([begins, ends])
        return {"busy": [{"start": _utc(begins), "end": _utc(ends)} for begins, ends in merged]}

    def list(self, request: Request, _body: Any) -> dict[str, Any]:
        calendar = self._visible(request)
        query = request.query_params
        if "syncToken" in query:
            if set(query) & _NOT_WITH_SYNC or query.get("showDeleted") == "false":
                raise GoogleError(400, "badRequest")
            since = int(query["syncToken"].removeprefix("sync-"))
            if since < calendar.oldest_sync:
                raise GoogleError(410, "fullSyncRequired")
            found = [
                event
                if event["status"] != "cancelled"
                else {"id": event["id"], "status": "cancelled", "kind": "calendar#event"}
                for event in calendar.events.values()
                if calendar.revisions[event["id"]] > since
            ]
        else:
            found = [event for event in calendar.standing() if _within(event, query, calendar.zone)]
        first = int(query.get("pageToken", "page-0").removeprefix("page-"))
        size = min(int(query.get("maxResults", "250")), self._page_size())
        answer: dict[str, Any] = {
            "kind": "calendar#events",
            "timeZone": calendar.zone,
            "accessRole": calendar.role,
            "items": found[first : first + size],
        }
        if first + size < len(found):
            answer["nextPageToken"] = f"page-{first + size}"
        else:
            answer["nextSyncToken"] = f"sync-{calendar.revision}"
        return answer

    def get(self, request: Request, _body: Any) -> Event:
        return self._event(request, self._visible(request))

    def insert(self, request: Request, body: Any) -> Event:
        calendar = self._writable(request)
        event_id = body.get("id") or f"made{len(calendar.events):05d}"
        if not _ID.fullmatch(event_id):
            raise GoogleError(400, "invalid")
        if event_id in calendar.events:
            raise GoogleError(409, "duplicate")
        if moment(body["start"], calendar.zone) >= moment(body["end"], calendar.zone):
            raise GoogleError(400, "timeRangeEmpty")
        created = datetime.now(UTC).isoformat(timespec="seconds")
        return calendar.put(
            {"status": "confirmed", "kind": "calendar#event", "created": created, **body, "id": event_id}
        )

    def patch(self, request: Request, body: Any) -> Event:
        calendar = self._writable(request)
        event = self._event(request, calendar)
        if event["status"] == "cancelled":
            raise GoogleError(404, "notFound")
        self._check_version(request, event)
        return calendar.put(_merged(event, body))

    def delete(self, request: Request, _body: Any) -> None:
        calendar = self._writable(request)
        event = self._event(request, calendar)
        if event["status"] == "cancelled":
            raise GoogleError(410, "deleted")
        self._check_version(request, event)
        calendar.remove(event["id"])

    def _check_version(self, request: Request, event: Event) -> None:
        wanted = request.headers.get("if-match")
        if wanted not in (None, "*", event["etag"]):
            raise GoogleError(412, "conditionNotMet")

    def _event(self, request: Request, calendar: Calendar) -> Event:
        event = calendar.events.get(request.path_params["event"])
        if event is None:
            raise GoogleError(404, "notFound")
        return event

    def _visible(self, request: Request) -> Calendar:
        calendar = self._calendars.get(request.path_params["calendar"])
        if calendar is None or calendar.role in ("none", "freeBusyReader"):
            raise GoogleError(404, "notFound")
        return calendar

    def _writable(self, request: Request) -> Calendar:
        calendar = self._visible(request)
        if calendar.role not in _WRITERS:
            raise GoogleError(403, "requiredAccessLevel")
        return calendar


def _within(event: Event, query: Any, zone: str) -> bool:
    after = "timeMin" not in query or moment(event["end"], zone) > datetime.fromisoformat(query["timeMin"])
    return after and ("timeMax" not in query or moment(event["start"], zone) < datetime.fromisoformat(query["timeMax"]))


def _merged(event: Event, changes: Event) -> Event:
    merged = dict(event)
    for key, value in changes.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = _merged(merged[key], value) if both else value
    return merged


def _utc(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

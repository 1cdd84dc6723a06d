"""What the fake remembers: calendars, how they are shared, and every change of every event in order."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

type Event = dict[str, Any]


@dataclass
class Calendar:
    """``role`` is what the service account may do: ``none``, ``freeBusyReader``, ``reader``, ``writer``, ``owner``."""

    id: str
    role: str = "writer"
    zone: str = "Europe/Madrid"
    events: dict[str, Event] = field(default_factory=dict)
    revisions: dict[str, int] = field(default_factory=dict)
    revision: int = 0
    oldest_sync: int = 0

    def put(self, event: Event) -> Event:
        self.revision += 1
        kept = event | {"etag": f'"{self.revision}"', "updated": datetime.now(UTC).isoformat()}
        self.events[event["id"]] = kept
        self.revisions[event["id"]] = self.revision
        return kept

    def standing(self) -> list[Event]:
        return [event for event in self.events.values() if event["status"] != "cancelled"]

    def add(self, start: str, /, minutes: int = 30, **fields: Any) -> Event:
        """Somebody enters an event by hand; ``start`` is ISO 8601 with an offset."""
        begins = datetime.fromisoformat(start)
        ends = begins + timedelta(minutes=minutes)
        event_id = f"human{len(self.events):05d}"
        times = {"start": {"dateTime": begins.isoformat()}, "end": {"dateTime": ends.isoformat()}}
        return self.put({"id": event_id, "kind": "calendar#event", "status": "confirmed", **times, **fields})

    def edit(self, event_id: str, **fields: Any) -> Event:
        """Somebody edits an event by hand."""
        return self.put(self.events[event_id] | fields)

    def move(self, event_id: str, start: str) -> Event:
        """Somebody drags it to another time."""
        event = self.events[event_id]
        length = moment(event["end"], self.zone) - moment(event["start"], self.zone)
        begins = datetime.fromisoformat(start)
        return self.edit(
            event_id, start={"dateTime": begins.isoformat()}, end={"dateTime": (begins + length).isoformat()}
        )

    def remove(self, event_id: str) -> None:
        """Somebody deletes it. It keeps its id for ever."""
        self.put(self.events[event_id] | {"status": "cancelled"})

    def doubles(self) -> list[tuple[str, str]]:
        """Pairs of standing events that overlap."""
        spans = sorted(
            (moment(event["start"], self.zone), moment(event["end"], self.zone), event["id"])
            for event in self.standing()
            if event.get("transparency") != "transparent"
        )
        return [(one[2], two[2]) for index, one in enumerate(spans) for two in spans[index + 1 :] if two[0] < one[1]]


def moment(value: dict[str, str], zone: str) -> datetime:
    if "dateTime" in value:
        return datetime.fromisoformat(value["dateTime"])
    return datetime.combine(date.fromisoformat(value["date"]), time(), tzinfo=ZoneInfo(zone))

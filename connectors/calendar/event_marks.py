"""A mark as a handful of short texts, for providers that keep some beside an event."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from connectors.calendar.event_text import EventText
from connectors.calendar.events import Mark
from connectors.plain_json import JSON
from connectors.state import Booking, Lane

EVENT = "frontdesk_event"
_KEY = "frontdesk_key"
_CONTACT = "frontdesk_contact"
_SERVICE = "frontdesk_service"
_STAFF = "frontdesk_staff"
_LANES = "frontdesk_lanes"
_BUFFERS = "frontdesk_buffers"
_REPLACES = "frontdesk_replaces"
_STAGE = "frontdesk_stage"

NAMES = (EVENT, _KEY, _CONTACT, _SERVICE, _STAFF, _LANES, _BUFFERS, _REPLACES, _STAGE)
"""In the order they are written."""

_SETTLED = "settled"
_UNSETTLED = "unsettled"


def encode_mark(mark: Mark) -> dict[str, str]:
    """Texts of at most some hundred characters; times are those of the event itself."""
    booking = mark.booking
    before = int((booking.starts_at - booking.blocks_from).total_seconds())
    after = int((booking.blocks_until - booking.ends_at).total_seconds())
    values = (
        booking.event_id,
        booking.key,
        booking.contact_id,
        booking.service,
        booking.staff,
        " ".join(f"{lane.id}*{lane.capacity}" for lane in booking.lanes),
        f"{before} {after}",
        booking.replaces,
        _SETTLED if mark.settled else _UNSETTLED,
    )
    return dict(zip(NAMES, values, strict=True))


def decode_mark(
    texts: Mapping[str, JSON], calendar: str, starts_at: datetime, ends_at: datetime, said: EventText
) -> Mark | None:
    """The mark of an event that stands from ``starts_at`` to ``ends_at``; ``None`` of one that is not ours.

    What we wrote and cannot be read any more is not ours either: then it is somebody's event, and in the way.
    """
    given = {name: value for name in NAMES if isinstance(value := texts.get(name), str)}
    try:
        before, after = (timedelta(seconds=int(part)) for part in given[_BUFFERS].split())
        lanes = tuple(Lane(name, int(capacity)) for name, capacity in (_halves(lane) for lane in given[_LANES].split()))
        booking = Booking(
            event_id=given[EVENT],
            key=given[_KEY],
            contact_id=given[_CONTACT],
            service=given[_SERVICE],
            starts_at=starts_at,
            ends_at=ends_at,
            blocks_from=starts_at - before,
            blocks_until=ends_at + after,
            lanes=lanes,
            calendar=calendar,
            staff=given.get(_STAFF, ""),
            contact_name=said.contact_name,
            notes=said.notes,
            replaces=given.get(_REPLACES, ""),
        )
    except (KeyError, ValueError):
        return None
    return Mark(booking, settled=given.get(_STAGE) == _SETTLED)


def _halves(lane: str) -> tuple[str, str]:
    name, _, capacity = lane.rpartition("*")
    return name, capacity

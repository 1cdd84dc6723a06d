"""Bookings for the tests of the ledger: one line each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from connectors.state import Booking, Lane

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
TEN = datetime(2026, 11, 24, 9, tzinfo=UTC)  # 10:00 in Madrid


def booking(
    event_id: str,
    *,
    at: datetime = TEN,
    minutes: int = 30,
    contact: str = "ana",
    lanes: tuple[Lane, ...] = (Lane("chair"),),
    before: int = 0,
    after: int = 0,
    replaces: str = "",
) -> Booking:
    """``before`` and ``after`` are minutes of buffer."""
    ends = at + timedelta(minutes=minutes)
    return Booking(
        event_id=event_id,
        key=f"key of {event_id}",
        contact_id=contact,
        service="cut",
        starts_at=at,
        ends_at=ends,
        blocks_from=at - timedelta(minutes=before),
        blocks_until=ends + timedelta(minutes=after),
        lanes=lanes,
        calendar="shop@example.com",
        staff="eva",
        contact_name="Ana",
        notes="Niño pequeño",
        replaces=replaces,
    )

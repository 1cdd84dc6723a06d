"""Whether a booking has room beside the rows that stand. Pure; both ledgers decide by it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from connectors.state.ledger_row import Booking, Lane, LedgerRow


def has_room(booking: Booking, standing: Iterable[LedgerRow]) -> bool:
    """``standing`` are rows that stand and overlap ``booking``; its own and the one it replaces are passed over."""
    others = [row.booking for row in standing if row.booking.event_id not in (booking.event_id, booking.replaces)]
    return all(_most_at_once(lane, booking, others) < lane.capacity for lane in booking.lanes)


def _most_at_once(lane: Lane, booking: Booking, others: Iterable[Booking]) -> int:
    """How many appointments the lane serves at the busiest moment of the booking's stretch."""
    edges: list[tuple[datetime, int]] = []
    for other in others:
        if lane.id in {taken.id for taken in other.lanes} and _overlap(booking, other):
            edges += [(max(other.blocks_from, booking.blocks_from), 1), (other.blocks_until, -1)]
    most = now = 0
    for _, change in sorted(edges):  # at one instant an end (-1) comes before a beginning
        now += change
        most = max(most, now)
    return most


def _overlap(one: Booking, other: Booking) -> bool:
    return one.blocks_from < other.blocks_until and other.blocks_from < one.blocks_until

"""Whatever is held in whatever order, no lane ever serves more at once than it can."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from connectors.state import Booking, InMemoryAppointmentLedger, Lane, LedgerRow
from tests.connectors.state.bookings import NOW, TEN, booking

_LANES = (Lane("eva"), Lane("leo"), Lane("sinks", 2), Lane("room", 3))

_BOOKINGS = st.lists(
    st.tuples(
        st.integers(0, 20),  # start, in steps of five minutes
        st.integers(1, 12),  # length
        st.integers(0, 3),  # buffer before
        st.integers(0, 3),  # buffer after
        st.sets(st.sampled_from(_LANES), min_size=1, max_size=3),
    ),
    max_size=12,
)


def _made(number: int, start: int, length: int, before: int, after: int, lanes: set[Lane]) -> Booking:
    return booking(
        f"event {number}",
        at=TEN + timedelta(minutes=5 * start),
        minutes=5 * length,
        before=5 * before,
        after=5 * after,
        lanes=tuple(sorted(lanes, key=lambda lane: lane.id)),
    )


def _most(rows: list[LedgerRow], lane: Lane, asked: Booking | None = None) -> int:
    """How many the lane serves in the busiest five minutes, of all or of those that ``asked`` blocks."""
    most = 0
    for step in range(-10, 60):
        moment = TEN + timedelta(minutes=5 * step)
        if asked is None or asked.blocks_from <= moment < asked.blocks_until:
            here = [row for row in rows if row.booking.blocks_from <= moment < row.booking.blocks_until]
            most = max(most, sum(lane in row.booking.lanes for row in here))
    return most


@given(_BOOKINGS)
async def test_a_lane_is_never_overbooked_and_never_refused_without_need(
    wishes: list[tuple[int, int, int, int, set[Lane]]],
) -> None:
    ledger = InMemoryAppointmentLedger()
    held: list[LedgerRow] = []
    for number, wish in enumerate(wishes):
        asked = _made(number, *wish)
        row = await ledger.hold(asked, at=NOW)
        has_room = all(_most(held, lane, asked) < lane.capacity for lane in asked.lanes)
        assert (row is not None) is has_room
        held += [row] if row is not None else []
    assert all(_most(held, lane) <= lane.capacity for lane in _LANES)

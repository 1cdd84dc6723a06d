"""What every appointment ledger promises. Subclass it and give the fixture ``ledger``."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from connectors.state import (
    AppointmentLedgerPort,
    Attendance,
    ChangeKind,
    ConfirmedAppointment,
    Lane,
    LedgerRow,
    Stage,
)
from tests.connectors.state.bookings import NOW, TEN, booking

LATER = NOW + timedelta(minutes=5)
HALF_HOUR = timedelta(minutes=30)


async def confirmed(ledger: AppointmentLedgerPort, event_id: str, **details: object) -> ConfirmedAppointment:
    assert await ledger.hold(booking(event_id, **details), at=NOW)  # type: ignore[arg-type] # a test's keywords
    found = await ledger.confirm(event_id, at=NOW)
    assert found is not None
    return found


class AppointmentLedgerContract:
    async def test_a_held_time_is_nobody_elses(self, ledger: AppointmentLedgerPort) -> None:
        assert await ledger.hold(booking("a"), at=NOW) == LedgerRow(booking("a"), Stage.HELD, NOW)
        assert await ledger.hold(booking("b", at=TEN + timedelta(minutes=15)), at=NOW) is None
        assert await ledger.find("b") is None

    async def test_what_begins_when_another_ends_has_room(self, ledger: AppointmentLedgerPort) -> None:
        for event_id, start in (("a", TEN), ("b", TEN + HALF_HOUR), ("c", TEN - HALF_HOUR)):
            assert await ledger.hold(booking(event_id, at=start), at=NOW)

    async def test_buffers_take_time_too(self, ledger: AppointmentLedgerPort) -> None:
        assert await ledger.hold(booking("a", after=10), at=NOW)
        assert await ledger.hold(booking("b", at=TEN + HALF_HOUR), at=NOW) is None
        assert await ledger.hold(booking("c", at=TEN + timedelta(minutes=40)), at=NOW)
        assert await ledger.hold(booking("d", at=TEN + timedelta(minutes=75), before=10), at=NOW) is None

    async def test_lanes_do_not_stand_in_each_others_way(self, ledger: AppointmentLedgerPort) -> None:
        assert await ledger.hold(booking("a", lanes=(Lane("eva"), Lane("sauna"))), at=NOW)
        assert await ledger.hold(booking("b", lanes=(Lane("leo"),)), at=NOW)
        assert await ledger.hold(booking("c", lanes=(Lane("mia"), Lane("sauna"))), at=NOW) is None

    async def test_a_lane_has_room_for_as_many_at_once_as_it_says(self, ledger: AppointmentLedgerPort) -> None:
        sinks = (Lane("sinks", 2),)
        assert await ledger.hold(booking("early", lanes=sinks), at=NOW)
        assert await ledger.hold(booking("late", at=TEN + HALF_HOUR, lanes=sinks), at=NOW)
        # The two are never there together, so a long one fits beside both; a second long one does not.
        assert await ledger.hold(booking("long", minutes=60, lanes=sinks), at=NOW)
        assert await ledger.hold(booking("longer", minutes=60, lanes=sinks), at=NOW) is None

    async def test_of_many_at_once_one_holds_the_time(self, ledger: AppointmentLedgerPort) -> None:
        asked = [ledger.hold(booking(f"event {number}"), at=NOW) for number in range(50)]
        assert sum(row is not None for row in await asyncio.gather(*asked)) == 1

    async def test_the_same_key_again_gives_its_row_as_it_is(self, ledger: AppointmentLedgerPort) -> None:
        await ledger.hold(booking("a"), at=NOW)
        assert await ledger.hold(booking("a", at=TEN + HALF_HOUR), at=LATER) == LedgerRow(booking("a"), Stage.HELD, NOW)
        await ledger.confirm("a", at=LATER)
        again = await ledger.hold(booking("a"), at=LATER)
        assert again is not None
        assert again.stage is Stage.CONFIRMED
        await ledger.cancel("a", at=LATER)
        cancelled = await ledger.hold(booking("a"), at=LATER)
        assert cancelled is not None
        assert cancelled.stage is Stage.CANCELLED

    async def test_what_is_released_is_free_and_may_be_held_again(self, ledger: AppointmentLedgerPort) -> None:
        await ledger.hold(booking("a"), at=NOW)
        await ledger.release("a", at=LATER)
        assert await ledger.confirm("a", at=LATER) is None
        again = await ledger.hold(booking("a", at=TEN + HALF_HOUR), at=LATER)
        assert again == LedgerRow(booking("a", at=TEN + HALF_HOUR), Stage.HELD, LATER, attempt=2)

    async def test_only_a_confirmed_row_is_an_appointment(self, ledger: AppointmentLedgerPort) -> None:
        row = await ledger.hold(booking("a"), at=NOW)
        assert row is not None
        with pytest.raises(ValueError, match="is held, not confirmed"):
            ConfirmedAppointment(row)
        assert await ledger.of_contact("ana") == []
        appointment = await ledger.confirm("a", at=LATER)
        assert appointment == ConfirmedAppointment(LedgerRow(booking("a"), Stage.CONFIRMED, LATER))
        assert await ledger.confirm("a", at=LATER + HALF_HOUR) == appointment
        assert await ledger.confirm("nobody", at=LATER) is None
        await ledger.release("a", at=LATER)
        assert await ledger.of_contact("ana") == [appointment]

    async def test_what_the_provider_said_is_kept(self, ledger: AppointmentLedgerPort) -> None:
        await ledger.hold(booking("a"), at=NOW)
        await ledger.written("a", provider_id="a2", version='"7"', at=LATER)
        row = await ledger.find("a")
        assert row == replace(LedgerRow(booking("a"), Stage.HELD, LATER), provider_id="a2", version='"7"')

    async def test_a_new_appointment_ends_the_one_it_replaces(self, ledger: AppointmentLedgerPort) -> None:
        await confirmed(ledger, "old", minutes=60)
        new = booking("new", at=TEN + HALF_HOUR, minutes=60, replaces="old")
        assert await ledger.hold(new, at=NOW)
        assert [row.booking.event_id for row in await ledger.between(TEN, TEN + HALF_HOUR)] == ["old"]
        assert await ledger.confirm("new", at=LATER)
        old = await ledger.find("old")
        assert old is not None
        assert (old.stage, old.loose) == (Stage.CANCELLED, True)
        assert [found.booking.event_id for found in await ledger.of_contact("ana")] == ["new"]
        assert await ledger.untold(9) == []

    async def test_cancelling_frees_the_time_and_may_be_repeated(self, ledger: AppointmentLedgerPort) -> None:
        await confirmed(ledger, "a")
        first = await ledger.cancel("a", at=LATER)
        assert first is not None
        assert first.stage is Stage.CANCELLED
        assert await ledger.cancel("a", at=LATER + HALF_HOUR) == first
        assert await ledger.cancel("nobody", at=LATER) is None
        assert await ledger.hold(booking("b"), at=LATER)

    async def test_a_customers_appointments_come_in_order(self, ledger: AppointmentLedgerPort) -> None:
        await confirmed(ledger, "late", at=TEN + timedelta(days=1))
        await confirmed(ledger, "early")
        await confirmed(ledger, "bens", at=TEN + timedelta(hours=2), contact="ben")
        assert [found.booking.event_id for found in await ledger.of_contact("ana")] == ["early", "late"]

    async def test_between_finds_what_blocks_any_of_it(self, ledger: AppointmentLedgerPort) -> None:
        await confirmed(ledger, "a", after=10)
        await ledger.hold(booking("b", at=TEN + timedelta(hours=2)), at=NOW)
        await confirmed(ledger, "gone", at=TEN + timedelta(hours=4))
        await ledger.cancel("gone", at=NOW)
        until = TEN + timedelta(minutes=40)
        assert [row.booking.event_id for row in await ledger.between(until - timedelta(minutes=1), until)] == ["a"]
        assert await ledger.between(until, until + HALF_HOUR) == []
        found = await ledger.between(TEN - timedelta(days=1), TEN + timedelta(days=1))
        assert [row.booking.event_id for row in found] == ["a", "b"]

    async def test_a_move_by_the_business_is_told_once(self, ledger: AppointmentLedgerPort) -> None:
        await confirmed(ledger, "a")
        before = await ledger.find("a")
        moved = booking("a", at=TEN + timedelta(hours=3))
        await ledger.move("a", moved, version='"8"', at=LATER)
        row = await ledger.find("a")
        assert row == LedgerRow(moved, Stage.CONFIRMED, LATER, version='"8"')
        (change,) = await ledger.untold(9)
        assert (change.kind, change.before, change.row, change.at) == (ChangeKind.MOVED, before, row, LATER)
        await ledger.told(change.id)
        await ledger.told(change.id)
        assert await ledger.untold(9) == []

    async def test_one_move_that_two_have_seen_is_told_once(self, ledger: AppointmentLedgerPort) -> None:
        await confirmed(ledger, "a")
        moved = booking("a", at=TEN + timedelta(hours=3))
        await ledger.move("a", moved, version='"8"', at=LATER)
        await ledger.move("a", moved, version='"8"', at=LATER)
        assert len(await ledger.untold(9)) == 1

    async def test_what_only_takes_longer_is_nothing_to_tell(self, ledger: AppointmentLedgerPort) -> None:
        await confirmed(ledger, "a")
        longer = booking("a", minutes=45)
        await ledger.move("a", longer, version='"8"', at=LATER, untold=False)
        assert await ledger.find("a") == LedgerRow(longer, Stage.CONFIRMED, LATER, version='"8"')
        assert await ledger.untold(9) == []

    async def test_changes_come_in_the_order_they_were_made(self, ledger: AppointmentLedgerPort) -> None:
        await confirmed(ledger, "a")
        await ledger.move("a", booking("a", at=TEN + HALF_HOUR), version="", at=LATER)
        await ledger.cancel("a", at=LATER, untold=True)
        await ledger.hold(booking("late"), at=NOW)
        await ledger.confirm("late", at=LATER, untold=True)
        kinds = [change.kind for change in await ledger.untold(9)]
        assert kinds == [ChangeKind.MOVED, ChangeKind.CANCELLED, ChangeKind.CONFIRMED]
        assert [change.kind for change in await ledger.untold(1)] == [ChangeKind.MOVED]

    async def test_only_a_confirmed_row_is_moved_or_marked(self, ledger: AppointmentLedgerPort) -> None:
        held = await ledger.hold(booking("a"), at=NOW)
        await ledger.move("a", booking("a", at=TEN + HALF_HOUR), version="", at=LATER)
        assert await ledger.mark("a", Attendance.ATTENDED, at=LATER) == held
        await ledger.move("nobody", booking("nobody"), version="", at=LATER)
        assert await ledger.mark("nobody", Attendance.NO_SHOW, at=LATER) is None
        assert await ledger.find("a") == held
        assert await ledger.untold(9) == []

    async def test_coming_is_remembered(self, ledger: AppointmentLedgerPort) -> None:
        await confirmed(ledger, "a")
        row = await ledger.mark("a", Attendance.EXPECTED, at=LATER)
        assert row == LedgerRow(booking("a"), Stage.CONFIRMED, LATER, attendance=Attendance.EXPECTED)
        assert await ledger.find("a") == row

    async def test_unsettled_rows_come_oldest_first_and_end_when_tied(self, ledger: AppointmentLedgerPort) -> None:
        await ledger.hold(booking("held"), at=LATER)
        await ledger.hold(booking("left", at=TEN + HALF_HOUR), at=NOW)
        await ledger.release("left", at=NOW, loose=True)
        await ledger.hold(booking("done", at=TEN + timedelta(hours=2)), at=NOW)
        await ledger.release("done", at=NOW)
        await confirmed(ledger, "stands", at=TEN + timedelta(hours=3))
        soon = LATER + timedelta(minutes=1)
        assert [row.booking.event_id for row in await ledger.unsettled(soon)] == ["left", "held"]
        assert [row.booking.event_id for row in await ledger.unsettled(LATER)] == ["left"]
        await ledger.tied("left", at=LATER)
        await ledger.tied("nobody", at=LATER)
        assert [row.booking.event_id for row in await ledger.unsettled(soon)] == ["held"]

    async def test_a_lost_appointment_is_taken_in_once(self, ledger: AppointmentLedgerPort) -> None:
        await ledger.adopt(booking("a"), provider_id="a", version='"1"', at=NOW)
        await ledger.adopt(booking("a", contact="ben"), provider_id="x", version='"2"', at=LATER)
        expected = LedgerRow(booking("a"), Stage.CONFIRMED, NOW, provider_id="a", version='"1"')
        assert await ledger.find("a") == expected
        assert await ledger.untold(9) == []

"""What becomes of an appointment, and what the staff do with it: the same in every calendar."""

from __future__ import annotations

import pytest

from connectors.errors import ConflictError, RejectedError
from tests.connectors.calendar.desk import Desk


async def test_moving_an_appointment_gives_up_the_old_time_and_keeps_its_service(desk: Desk) -> None:
    old = await desk.book("2026-11-28", "10:30")
    new = await desk.ask("reschedule_appointment", event_id=old["event_id"], date="2026-11-28", time="11:30")
    assert (new["time"], new["service"], new["event_id"] != old["event_id"]) == ("11:30", "cut", True)
    assert await desk.slots("2026-11-28") == ["10:00", "10:30", "11:00"]
    assert [row["title"] for row in await desk.ask("list_appointments")] == ["sáb 28 nov, 11:30"]


async def test_an_appointment_may_move_into_its_own_time(desk: Desk) -> None:
    old = await desk.book("2026-11-24", "10:00", service="color")
    assert await desk.slots("2026-11-24", service="color", moving=f"appt_{old['event_id']}") != []
    new = await desk.ask("reschedule_appointment", event_id=old["event_id"], date="2026-11-24", time="10:30")
    assert new["time"] == "10:30"
    assert len(await desk.ask("list_appointments")) == 1


async def test_a_move_that_fails_leaves_the_appointment_where_it_was(desk: Desk) -> None:
    mine = await desk.book("2026-11-28", "10:30")
    await desk.book("2026-11-28", "11:30", contact="ben")
    with pytest.raises(ConflictError):
        await desk.ask("reschedule_appointment", event_id=mine["event_id"], date="2026-11-28", time="11:30")
    with pytest.raises(RejectedError, match="not a time"):
        await desk.ask("reschedule_appointment", event_id=mine["event_id"], date="2026-11-28", time="11:10")
    assert [row["title"] for row in await desk.ask("list_appointments")] == ["sáb 28 nov, 10:30"]


async def test_the_same_move_again_moves_once(desk: Desk) -> None:
    old = await desk.book("2026-11-28", "10:30")
    asked = {"event_id": old["event_id"], "date": "2026-11-28", "time": "11:30", "key": "conversation:9:0"}
    first = await desk.ask("reschedule_appointment", **asked)
    assert await desk.ask("reschedule_appointment", **asked) == first
    assert len(await desk.ask("list_appointments")) == 1


async def test_nobody_moves_or_confirms_someone_elses_appointment(desk: Desk) -> None:
    booking = await desk.book("2026-11-28", "10:30")
    where = {"event_id": booking["event_id"], "contact": "ben"}
    with pytest.raises(RejectedError, match="no such appointment"):
        await desk.ask("reschedule_appointment", date="2026-11-28", time="11:30", **where)
    with pytest.raises(RejectedError, match="no such appointment"):
        await desk.ask("confirm_appointment", **where)
    assert await desk.slots("2026-11-28") == ["10:00", "11:00", "11:30"]


async def test_coming_is_noted_and_seen_by_the_business(desk: Desk) -> None:
    booking = await desk.book("2026-11-28", "10:30")
    confirmed = await desk.ask("confirm_appointment", event_id=booking["event_id"])
    assert confirmed == booking | {"status": "expected"}
    assert (await desk.ask("mark_no_show", event_id=booking["event_id"], contact="staff"))["status"] == "no_show"
    assert (await desk.ask("mark_attended", event_id=booking["event_id"], contact="staff"))["status"] == "attended"
    with pytest.raises(RejectedError, match="no such appointment"):
        await desk.ask("mark_attended", event_id="nothing")


async def test_a_day_lists_everybody_in_order(desk: Desk) -> None:
    late = await desk.book("2026-11-28", "11:30", contact="ben")
    early = await desk.book("2026-11-28", "10:00")
    gone = await desk.book("2026-11-28", "10:30")
    await desk.ask("cancel_appointment", event_id=gone["event_id"])
    await desk.book("2026-11-30", "10:00")
    listed = await desk.ask("list_day_appointments", date="2026-11-28", contact="standing")
    assert listed == [
        early | {"contact_id": "ana", "contact_name": ""},
        late | {"contact_id": "ben", "contact_name": ""},
    ]


async def test_staff_may_book_further_ahead_and_without_notice(desk: Desk) -> None:
    assert await desk.slots("2026-12-12") == []
    assert await desk.slots("2026-12-12", manual=True) == ["10:00", "10:30", "11:00", "11:30"]
    booking = await desk.ask("book_appointment", date="2026-12-12", time="10:00", service="cut", manual="true")
    assert booking["date"] == "2026-12-12"
    assert (await desk.slots("2026-11-23", manual=True))[0] == "10:00"
    with pytest.raises(RejectedError, match="manual: must be true or false"):
        await desk.slots("2026-12-12", manual="perhaps")

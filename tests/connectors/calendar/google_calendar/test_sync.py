"""What the business does in its own calendar is followed, and what its customers have to hear is noted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from connectors.errors import UnauthorizedError, UnavailableError
from connectors.state import AppointmentChange, Attendance, ChangeKind, ConnectorState, LedgerRow
from tests.connectors.calendar.desk import Desk
from tests.connectors.calendar.google_calendar.google_desk import SHOP, adapter_of, open_google_desk
from tests.fakes.google_calendar import FakeGoogle, Fault
from tests.fakes.google_calendar.memory import Calendar

SATURDAY = "2026-11-28"
ELEVEN = f"{SATURDAY}T11:00:00+01:00"


@pytest.fixture
def state() -> ConnectorState:
    return ConnectorState()


@pytest.fixture
async def desk(google: FakeGoogle, url: str, state: ConnectorState) -> AsyncIterator[Desk]:
    async with open_google_desk(google, url, state=state) as desk:
        yield desk


async def synced(desk: Desk, state: ConnectorState, minutes: int = 5) -> list[AppointmentChange]:
    """What there is to tell after a sync."""
    await adapter_of(desk).sync(desk.at + timedelta(minutes=minutes))
    return list(await state.appointments.untold(99))


async def row_of(state: ConnectorState, booking: dict[str, Any]) -> LedgerRow:
    row = await state.appointments.find(booking["event_id"])
    assert row is not None
    return row


async def test_our_own_bookings_are_no_news(desk: Desk, state: ConnectorState) -> None:
    booking = await desk.book(SATURDAY, "10:00")
    assert await synced(desk, state) == []
    await desk.ask("confirm_appointment", event_id=booking["event_id"])
    await desk.ask("reschedule_appointment", event_id=booking["event_id"], date=SATURDAY, time="11:00")
    assert await synced(desk, state) == []


@pytest.mark.parametrize("known_before", [True, False], ids=["since the last time", "at the first time"])
async def test_an_appointment_that_was_dragged_is_moved(
    desk: Desk, state: ConnectorState, shop: Calendar, known_before: bool
) -> None:
    booking = await desk.book(SATURDAY, "10:00")
    if known_before:
        await synced(desk, state)
    shop.move(booking["event_id"], ELEVEN)
    (change,) = await synced(desk, state)
    assert (change.kind, change.row.booking.starts_at) == (ChangeKind.MOVED, datetime.fromisoformat(ELEVEN))
    news = adapter_of(desk).news(change, "Europe/Madrid", "es")
    assert news["before"] == booking
    assert news["booking"] == booking | {
        "time": "11:00",
        "when": "sábado 28 de noviembre a las 11:00",
        "starts_at": "2026-11-28T10:00:00Z",
        "reminder_time": "2026-11-27T10:00:00Z",
    }
    assert await desk.slots(SATURDAY) == ["10:00", "10:30", "11:30"]
    assert len(await synced(desk, state)) == 1  # noted once


@pytest.mark.parametrize("known_before", [True, False], ids=["since the last time", "at the first time"])
async def test_an_appointment_that_was_deleted_is_cancelled(
    desk: Desk, state: ConnectorState, shop: Calendar, known_before: bool
) -> None:
    booking = await desk.book(SATURDAY, "10:00")
    if known_before:
        await synced(desk, state)
    shop.remove(booking["event_id"])
    (change,) = await synced(desk, state)
    assert change.kind is ChangeKind.CANCELLED
    assert await desk.ask("list_appointments") == []
    assert await desk.slots(SATURDAY) == ["10:00", "10:30", "11:00", "11:30"]


async def test_a_token_that_is_too_old_leads_to_a_whole_reading(
    google: FakeGoogle, desk: Desk, state: ConnectorState, shop: Calendar
) -> None:
    kept, gone = await desk.book(SATURDAY, "10:00"), await desk.book(SATURDAY, "11:00")
    await synced(desk, state)
    shop.remove(gone["event_id"])
    google.expire_sync_tokens()
    (change,) = await synced(desk, state)
    assert change.row.booking.event_id == gone["event_id"]
    assert [row["id"] for row in await desk.ask("list_appointments")] == [f"appt_{kept['event_id']}"]
    shop.move(kept["event_id"], ELEVEN)
    assert len(await synced(desk, state)) == 2  # the new token works


async def test_pages_are_read_to_the_last_even_if_they_are_short(
    google: FakeGoogle, desk: Desk, state: ConnectorState, shop: Calendar
) -> None:
    google.page_size = 1
    for hour in range(8, 14):
        shop.add(f"2026-11-25T{hour:02}:00:00+01:00")
    booking = await desk.book(SATURDAY, "10:00")
    shop.move(booking["event_id"], ELEVEN)
    assert [change.kind for change in await synced(desk, state)] == [ChangeKind.MOVED]
    assert await state.sync.get(f"calendar.{SHOP}") == f"sync-{shop.revision}"


async def test_a_list_that_never_ends_is_given_up(google: FakeGoogle, desk: Desk, state: ConnectorState) -> None:
    google.faults.append(Fault(200, path="/events", times=99, body=b'{"items": [], "nextPageToken": "again"}'))
    with pytest.raises(UnavailableError, match="does not end"):
        await synced(desk, state)


async def test_what_takes_longer_blocks_longer_and_is_no_news(
    desk: Desk, state: ConnectorState, shop: Calendar
) -> None:
    booking = await desk.book(SATURDAY, "10:00")
    shop.edit(booking["event_id"], end={"dateTime": f"{SATURDAY}T11:15:00+01:00"})
    assert await synced(desk, state) == []
    assert (await row_of(state, booking)).booking.ends_at == datetime.fromisoformat(f"{SATURDAY}T11:15:00+01:00")
    assert await desk.slots(SATURDAY) == ["11:30"]


_STATUSES = {
    "as we write it": ("Cliente: Ana\nServicio: Corte\nEstado: no vino", Attendance.NO_SHOW),
    "in capitals and without accents": ("CLIENTE: ANA\nESTADO: ASISTIO", Attendance.ATTENDED),
    "in English": ("Status: confirmed\nbring the blue dye", Attendance.EXPECTED),
    "as HTML of the editor": ("<b>Cliente:</b> Ana<br>Estado:&nbsp;no ha venido<br>", Attendance.NO_SHOW),
    "as a list": ("- Cliente: Ana\n- Estado: hecho", Attendance.ATTENDED),
    "nothing of it": ("llamar al proveedor", Attendance.OPEN),
    "a word nobody knows": ("Estado: azul", Attendance.OPEN),
    "no text at all": ("", Attendance.OPEN),
}


@pytest.mark.parametrize(("text", "attendance"), _STATUSES.values(), ids=_STATUSES.keys())
async def test_the_status_that_people_write_is_read(
    desk: Desk, state: ConnectorState, shop: Calendar, text: str, attendance: Attendance
) -> None:
    booking = await desk.book(SATURDAY, "10:00")
    shop.edit(booking["event_id"], description=text)
    assert await synced(desk, state) == []
    assert (await row_of(state, booking)).attendance is attendance


async def test_a_status_of_ours_leaves_the_rest_of_the_text_alone(desk: Desk, shop: Calendar) -> None:
    booking = await desk.book(SATURDAY, "10:00")
    shop.edit(booking["event_id"], description="Ojo: alérgica al tinte\nestado : pendiente\nCliente: Ana")
    await desk.ask("confirm_appointment", event_id=booking["event_id"])
    (event,) = shop.standing()
    assert event["description"] == "Ojo: alérgica al tinte\nEstado: confirmada\nCliente: Ana"


async def test_other_peoples_events_are_nothing_to_us(desk: Desk, state: ConnectorState, shop: Calendar) -> None:
    await synced(desk, state)
    event = shop.add(ELEVEN, extendedProperties={"private": {"frontdesk_event": "made up", "other": "1"}})
    shop.edit(event["id"], summary="Proveedor")
    shop.remove(event["id"])
    shop.add(ELEVEN, start={"date": SATURDAY}, end={"date": "2026-11-29"}, recurrence=["RRULE:FREQ=WEEKLY"])
    assert await synced(desk, state) == []
    assert await state.appointments.between(desk.at, desk.at + timedelta(days=30)) == []


async def test_an_appointment_the_ledger_lost_is_taken_in_again(
    google: FakeGoogle, url: str, desk: Desk, shop: Calendar
) -> None:
    booking = await desk.book(SATURDAY, "10:00")
    fresh = ConnectorState()
    async with open_google_desk(google, url, state=fresh) as restored:
        assert await restored.ask("list_appointments") == []
        assert await synced(restored, fresh) == []
        assert [row["id"] for row in await restored.ask("list_appointments")] == [f"appt_{booking['event_id']}"]
        await restored.ask("cancel_appointment", event_id=booking["event_id"])
    assert shop.standing() == []


async def test_an_erased_customer_does_not_come_back_with_an_event(
    google: FakeGoogle, url: str, desk: Desk, state: ConnectorState, shop: Calendar
) -> None:
    booking = await desk.book(SATURDAY, "10:00")
    await synced(desk, state)
    erased = ConnectorState(sync=state.sync)  # the ledger knows nothing of the customer any more
    async with open_google_desk(google, url, state=erased) as after:
        shop.edit(booking["event_id"], summary="Corte")
        assert await synced(after, erased) == []
        google.expire_sync_tokens()
        assert await synced(after, erased) == []
        assert await erased.appointments.find(booking["event_id"]) is None
        assert await after.slots(SATURDAY) == ["10:30", "11:00", "11:30"]  # the business still expects somebody


async def test_a_list_shows_what_the_business_did_a_moment_ago(
    desk: Desk, state: ConnectorState, shop: Calendar
) -> None:
    moved, gone = await desk.book(SATURDAY, "10:00"), await desk.book(SATURDAY, "11:00")
    shop.move(moved["event_id"], f"{SATURDAY}T11:30:00+01:00")
    shop.remove(gone["event_id"])
    assert [row["title"] for row in await desk.ask("list_appointments")] == ["sáb 28 nov, 11:30"]
    changes = await state.appointments.untold(9)
    assert {change.kind for change in changes} == {ChangeKind.MOVED, ChangeKind.CANCELLED}


async def test_a_calendar_that_is_shared_no_longer_cancels_nothing(
    desk: Desk, state: ConnectorState, shop: Calendar
) -> None:
    booking = await desk.book(SATURDAY, "10:00")
    await synced(desk, state)
    shop.role = "none"
    with pytest.raises(UnauthorizedError, match="not shared"):
        await synced(desk, state)
    with pytest.raises(UnauthorizedError, match="not shared"):
        await desk.ask("list_appointments")
    with pytest.raises(UnauthorizedError, match="not shared"):
        await desk.ask("cancel_appointment", event_id=booking["event_id"])
    assert await state.appointments.untold(9) == []
    shop.role = "writer"
    assert len(await desk.ask("list_appointments")) == 1


async def test_clearing_up_what_is_over_cancels_nothing(desk: Desk, state: ConnectorState, shop: Calendar) -> None:
    booking = await desk.book("2026-11-23", "10:00")
    await synced(desk, state)
    shop.remove(booking["event_id"])
    assert await synced(desk, state, minutes=24 * 60) == []


async def test_an_event_of_ours_that_a_cancelled_customer_left_is_not_cancelled_twice(
    desk: Desk, state: ConnectorState
) -> None:
    booking = await desk.book(SATURDAY, "10:00")
    await desk.ask("cancel_appointment", event_id=booking["event_id"])
    assert await synced(desk, state) == []


async def test_what_a_customer_cancels_while_the_calendar_is_asked_is_not_the_businesss_doing(
    google: FakeGoogle, desk: Desk, state: ConnectorState
) -> None:
    booking = await desk.book(SATURDAY, "10:00")
    await synced(desk, state)
    # The deletion is done at once and its answer held back, so that the sync sees the event gone first.
    google.faults.append(Fault(0, method="DELETE", hang_s=0.3))
    cancelling = asyncio.create_task(desk.ask("cancel_appointment", event_id=booking["event_id"]))
    while google.calendar(SHOP).standing():
        await asyncio.sleep(0.005)
    assert await synced(desk, state) == []
    assert (await cancelling)["cancelled"] is True
    assert await synced(desk, state) == []
    assert await desk.ask("list_appointments") == []


async def test_one_calendar_that_is_shared_no_longer_leaves_the_others_followed(
    google: FakeGoogle, url: str, state: ConnectorState
) -> None:
    staff: list[Any] = [{"id": "ana", "name": "Ana", "calendar_id": "a@x.example"}, {"id": "eva", "name": "Eva"}]
    left = google.calendar("a@x.example")
    async with open_google_desk(google, url, state=state, business={"staff": staff}) as desk:
        wish = {"date": SATURDAY, "time": "10:00", "service": "appointment"}
        gone = await desk.ask("book_appointment", staff="ana", **wish)
        moved = await desk.ask("book_appointment", staff="eva", contact="ben", **wish)
        left.role = "none"
        google.calendar(SHOP).move(moved["event_id"], ELEVEN)
        with pytest.raises(UnauthorizedError, match=r"a@x\.example is not shared"):
            await adapter_of(desk).sync(desk.at + timedelta(minutes=5))
    changes = await state.appointments.untold(9)
    assert [change.row.booking.event_id for change in changes] == [moved["event_id"]]
    assert (await row_of(state, gone)).stands


async def test_a_long_look_ahead_is_asked_for_in_pieces(google: FakeGoogle, url: str, shop: Calendar) -> None:
    shop.add("2027-03-06T10:00:00+01:00", minutes=30)
    async with open_google_desk(google, url, lookahead_days_client=366) as desk:
        assert "day_2027-03-06" in await desk.days(from_date="2027-03-06", lookahead_days=200)
        assert [path for _, path in google.requests].count("/calendar/v3/freeBusy") == 4
        assert await desk.slots("2027-03-06") == ["10:30", "11:00", "11:30"]

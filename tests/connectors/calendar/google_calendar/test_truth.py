"""A booking is true or it is none: lost answers, people who edit, calls that die."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from connectors.errors import ConflictError, ConnectorError, TimedOutError, UnavailableError
from connectors.state import ChangeKind, ConnectorState, Stage
from tests.connectors.calendar.desk import Desk
from tests.connectors.calendar.google_calendar.google_desk import adapter_of, open_google_desk
from tests.fakes.google_calendar import FakeGoogle, Fault
from tests.fakes.google_calendar.memory import Calendar

SATURDAY = "2026-11-28"
TEN = f"{SATURDAY}T10:00:00+01:00"
KEY = "conversation:7:0"
ONCE = {"attempts": 1}


def once_before(name: str, nth: int, act: Callable[[], object]) -> Callable[[str], None]:
    """Acts before the ``nth`` request of this name."""
    seen: list[str] = []

    def moment(called: str) -> None:
        seen.append(called)
        if called == name and seen.count(name) == nth:
            act()

    return moment


async def test_a_booking_is_looked_at_before_and_twice_after_it_is_written(google: FakeGoogle, desk: Desk) -> None:
    booking = await desk.book(SATURDAY, "10:00")
    assert [(method, path.rsplit("/", 1)[-1]) for method, path in google.requests] == [
        ("POST", "token"),
        ("POST", "freeBusy"),
        ("GET", "events"),
        ("POST", "events"),
        ("GET", "events"),
        ("PATCH", booking["event_id"]),
        ("GET", "events"),
    ]


async def test_the_business_reads_who_comes_and_why(shop: Calendar, desk: Desk) -> None:
    await desk.ask(
        "book_appointment", date=SATURDAY, time="10:00", service="cut", contact_name="Ana", notes="Niño pequeño"
    )
    (event,) = shop.standing()
    assert event["summary"] == "Corte · Ana"
    assert event["description"] == "Cliente: Ana\nServicio: Corte\nEstado: por confirmar\n\nNiño pequeño"
    assert event["start"] == {"dateTime": TEN, "timeZone": "Europe/Madrid"}
    assert event["end"] == {"dateTime": f"{SATURDAY}T10:30:00+01:00", "timeZone": "Europe/Madrid"}
    assert "attendees" not in event


_LOST = {
    "the event was written": Fault(503, method="POST", path="/events", after_work=True),
    "the event was not written": Fault(503, method="POST", path="/events"),
    "the look before": Fault(500, method="GET", path="/events"),
    "the mark was written": Fault(502, method="PATCH", after_work=True),
    "the mark was not written": Fault(502, method="PATCH"),
    "too many requests": Fault(403, "userRateLimitExceeded", method="POST", path="/events"),
}


@pytest.mark.parametrize("fault", _LOST.values(), ids=_LOST.keys())
async def test_an_answer_that_is_lost_is_found_out_about_and_books_once(
    google: FakeGoogle, shop: Calendar, desk: Desk, fault: Fault
) -> None:
    google.faults.append(Fault(**vars(fault)))
    booking = await desk.book(SATURDAY, "10:00", key=KEY)
    assert [event["id"] for event in shop.standing()] == [booking["event_id"]]
    assert len(await desk.ask("list_appointments")) == 1
    assert google.faults == []


_MOMENTS = {
    "between looking and writing": ("events.insert", 1),
    "between writing and looking": ("events.list", 2),
    "before it is settled": ("events.patch", 1),
    "after it is settled": ("events.list", 3),
}


@pytest.mark.parametrize(("name", "nth"), _MOMENTS.values(), ids=_MOMENTS.keys())
async def test_a_person_who_enters_the_same_time_wins(
    google: FakeGoogle, shop: Calendar, desk: Desk, name: str, nth: int
) -> None:
    google.moments.append(once_before(name, nth, lambda: shop.add(TEN, summary="Proveedor")))
    with pytest.raises(ConflictError, match="the time is taken"):
        await desk.book(SATURDAY, "10:00", key=KEY)
    assert [event["summary"] for event in shop.standing()] == ["Proveedor"]
    assert await desk.ask("list_appointments") == []
    assert await desk.slots(SATURDAY) == ["10:30", "11:00", "11:30"]


async def test_the_same_decision_may_be_tried_again_after_it_lost(
    google: FakeGoogle, shop: Calendar, desk: Desk
) -> None:
    google.moments.append(once_before("events.insert", 1, lambda: shop.add(TEN, summary="Proveedor")))
    with pytest.raises(ConflictError):
        await desk.book(SATURDAY, "10:00", key=KEY)
    shop.remove(shop.standing()[0]["id"])
    booking = await desk.book(SATURDAY, "10:00", key=KEY)
    # The first event keeps its id for ever, so the second attempt has another.
    assert [event["id"] for event in shop.standing()] == [f"{booking['event_id']}2"]


async def test_what_is_free_in_the_calendar_is_in_nobodys_way(shop: Calendar, desk: Desk) -> None:
    shop.add(TEN, minutes=60, transparency="transparent")
    shop.add(TEN, minutes=60, status="cancelled")
    assert (await desk.book(SATURDAY, "10:00"))["time"] == "10:00"


async def test_a_whole_day_off_blocks_its_day(shop: Calendar, desk: Desk) -> None:
    shop.add(TEN, start={"date": SATURDAY}, end={"date": "2026-11-29"})
    assert await desk.slots(SATURDAY) == []
    with pytest.raises(ConflictError):
        await desk.book(SATURDAY, "10:00")


async def test_an_edit_while_the_event_is_settled_is_kept(google: FakeGoogle, shop: Calendar, desk: Desk) -> None:
    def edit() -> None:
        shop.edit(shop.standing()[0]["id"], description="Cliente: Ana María\nViene con su hija")

    google.moments.append(once_before("events.patch", 1, edit))
    booking = await desk.book(SATURDAY, "10:00")
    (event,) = shop.standing()
    assert event["description"] == "Cliente: Ana María\nViene con su hija"
    assert event["extendedProperties"]["private"]["frontdesk_stage"] == "settled"
    assert booking["time"] == "10:00"


_TAKEN_AWAY = {
    "deleted": lambda shop: shop.remove(shop.standing()[0]["id"]),
    "moved": lambda shop: shop.move(shop.standing()[0]["id"], f"{SATURDAY}T11:00:00+01:00"),
}


@pytest.mark.parametrize("act", _TAKEN_AWAY.values(), ids=_TAKEN_AWAY.keys())
async def test_an_event_taken_away_before_it_stood_is_no_booking(
    google: FakeGoogle, shop: Calendar, desk: Desk, act: Callable[[Calendar], object]
) -> None:
    google.moments.append(once_before("events.patch", 1, lambda: act(shop)))
    with pytest.raises(ConflictError):
        await desk.book(SATURDAY, "10:00", key=KEY)
    assert shop.standing() == []
    assert await desk.ask("list_appointments") == []


async def test_a_call_that_died_is_unknown_until_it_is_reconciled(google: FakeGoogle, url: str, shop: Calendar) -> None:
    state = ConnectorState()
    async with open_google_desk(google, url, state=state, policy=ONCE) as desk:
        google.faults.append(Fault(503, method="PATCH"))
        with pytest.raises(UnavailableError):
            await desk.book(SATURDAY, "10:00", key=KEY)
        assert await desk.ask("list_appointments") == []  # nothing to tell yet
        assert await desk.slots(SATURDAY) == ["10:30", "11:00", "11:30"]  # and nobody else gets it
        await adapter_of(desk).sync(desk.at + timedelta(minutes=1))
        assert await state.appointments.untold(9) == []  # it might still be under way
        await adapter_of(desk).sync(desk.at + timedelta(minutes=3))
        (change,) = await state.appointments.untold(9)
        assert (change.kind, change.row.stage) == (ChangeKind.CONFIRMED, Stage.CONFIRMED)
        assert len(await desk.ask("list_appointments")) == 1
        assert len(shop.standing()) == 1


async def test_a_booking_that_never_reached_google_is_released(google: FakeGoogle, url: str, shop: Calendar) -> None:
    state = ConnectorState()
    async with open_google_desk(google, url, state=state, policy=ONCE) as desk:
        google.faults.append(Fault(503, method="POST", path="/events"))
        with pytest.raises(UnavailableError):
            await desk.book(SATURDAY, "10:00", key=KEY)
        await adapter_of(desk).sync(desk.at + timedelta(minutes=3))
        assert await desk.slots(SATURDAY) == ["10:00", "10:30", "11:00", "11:30"]
        assert shop.standing() == []
        assert await state.appointments.untold(9) == []


async def test_a_customer_who_asks_again_after_a_doubt_gets_the_booking_that_was_begun(
    google: FakeGoogle, url: str, shop: Calendar
) -> None:
    async with open_google_desk(google, url, policy=ONCE) as desk:
        google.faults.append(Fault(503, method="PATCH", after_work=True))
        with pytest.raises(UnavailableError):
            await desk.book(SATURDAY, "10:00", key=KEY)
        booking = await desk.book(SATURDAY, "10:00", key="conversation:8:0")
        assert [event["id"] for event in shop.standing()] == [booking["event_id"]]
        with pytest.raises(ConflictError):
            await desk.book(SATURDAY, "10:00", contact="ben")


async def test_an_event_that_could_not_be_removed_is_removed_later(
    google: FakeGoogle, url: str, shop: Calendar
) -> None:
    async with open_google_desk(google, url, policy=ONCE) as desk:
        google.moments.append(once_before("events.insert", 1, lambda: shop.add(TEN, summary="Proveedor")))
        google.faults.append(Fault(500, method="DELETE"))
        with pytest.raises(ConflictError):
            await desk.book(SATURDAY, "10:00", key=KEY)
        assert len(shop.standing()) == 2
        await adapter_of(desk).sync(desk.at + timedelta(minutes=3))
        assert [event["summary"] for event in shop.standing()] == ["Proveedor"]


async def test_a_move_whose_old_event_could_not_be_removed_is_finished_later(
    google: FakeGoogle, url: str, shop: Calendar
) -> None:
    state = ConnectorState()
    async with open_google_desk(google, url, state=state, policy=ONCE) as desk:
        old = await desk.book(SATURDAY, "10:00")
        google.faults.append(Fault(500, method="DELETE"))
        new = await desk.ask("reschedule_appointment", event_id=old["event_id"], date=SATURDAY, time="11:00")
        assert len(shop.standing()) == 2
        await adapter_of(desk).sync(desk.at + timedelta(minutes=3))
        assert [event["id"] for event in shop.standing()] == [new["event_id"]]
        assert await state.appointments.untold(9) == []  # our own doing is no news


_NO_CONFIRMATION: dict[str, tuple[Fault, type[ConnectorError]]] = {
    "an outage": (Fault(503, times=99), UnavailableError),
    "an outage after writing": (Fault(503, method="PATCH", times=99), UnavailableError),
    "a look that fails after writing": (Fault(500, method="GET", path="/events", times=99), UnavailableError),
    "garbage": (Fault(200, body=b"<html>", times=99), UnavailableError),
    "a hanging server": (Fault(0, hang_s=30, times=99), TimedOutError),
}


@pytest.mark.parametrize(("fault", "error"), _NO_CONFIRMATION.values(), ids=_NO_CONFIRMATION.keys())
async def test_nothing_is_confirmed_that_is_not_known_to_stand(
    google: FakeGoogle, url: str, fault: Fault, error: type[ConnectorError]
) -> None:
    state = ConnectorState()
    patience = {"attempt_timeout_s": 0.3, "deadline_s": 1} if fault.hang_s else {}
    policy = {"attempts": 2, "base_wait_s": 0.001, **patience}
    async with open_google_desk(google, url, state=state, policy=policy) as desk:
        await desk.ask("list_day_appointments", date=SATURDAY)
        google.faults.append(Fault(**vars(fault)))
        with pytest.raises(error):
            await desk.book(SATURDAY, "10:00", key=KEY)
        assert await state.appointments.of_contact("ana") == []
        rows = await state.appointments.between(desk.at, desk.at + timedelta(days=9))
        assert all(row.stage is Stage.HELD for row in rows)

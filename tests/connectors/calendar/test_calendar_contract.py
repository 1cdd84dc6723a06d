"""What every calendar must do, whoever keeps the book."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from connectors.errors import ConflictError, RejectedError
from connectors.port import ConnectorCall
from tests.connectors.calendar.desk import Desk


async def test_services_are_offered_in_the_language_of_the_tenant(desk: Desk) -> None:
    assert await desk.ask("get_services") == [
        {"id": "service_cut", "title": "Corte", "description": "30 min"},
        {"id": "service_color", "title": "Color", "description": "Con lavado"},
    ]
    desk.language = "en-GB"
    assert (await desk.ask("get_services"))[0]["title"] == "Haircut"


async def test_days_are_the_open_ones_with_a_free_time(desk: Desk) -> None:
    assert await desk.ask("get_available_days", from_date="2026-11-23", lookahead_days=8) == [
        {"id": "day_2026-11-23", "title": "lun 23 nov", "description": "16 huecos libres"},
        {"id": "day_2026-11-24", "title": "mar 24 nov", "description": "16 huecos libres"},
        {"id": "day_2026-11-28", "title": "sáb 28 nov", "description": "4 huecos libres"},
        {"id": "day_2026-11-30", "title": "lun 30 nov", "description": "16 huecos libres"},
    ]


async def test_days_speak_the_language_of_the_tenant(desk: Desk) -> None:
    desk.language = "en"
    days = await desk.ask("get_available_days", from_date="2026-11-24", lookahead_days=1)
    assert days == [{"id": "day_2026-11-24", "title": "Tue 24 Nov", "description": "16 free times"}]


async def test_days_end_where_customers_may_no_longer_book(desk: Desk) -> None:
    assert (
        await desk.days(lookahead_days=366)
        == await desk.days()
        == [
            "day_2026-11-23",
            "day_2026-11-24",
            "day_2026-11-28",
            "day_2026-11-30",
            "day_2026-12-01",
            "day_2026-12-05",
        ]
    )


async def test_days_asked_from_the_past_begin_today(desk: Desk) -> None:
    assert await desk.days(from_date="2026-11-20", lookahead_days=4) == ["day_2026-11-23", "day_2026-11-24"]


async def test_today_ends_with_its_last_free_time(desk: Desk) -> None:
    desk.at += timedelta(hours=10, minutes=30)  # 19:30; an hour's notice leaves 20:30
    assert await desk.slots("2026-11-23") == ["20:30"]
    desk.at += timedelta(minutes=1)
    assert await desk.slots("2026-11-23") == []
    assert (await desk.days())[0] == "day_2026-11-24"


async def test_slots_are_at_most_ten_spread_over_the_day(desk: Desk) -> None:
    assert await desk.ask("get_available_slots", date="2026-11-28") == [
        {"id": "slot_10:00", "title": "10:00"},
        {"id": "slot_10:30", "title": "10:30"},
        {"id": "slot_11:00", "title": "11:00"},
        {"id": "slot_11:30", "title": "11:30"},
    ]
    spread = await desk.slots("2026-11-24")
    assert len(spread) == 10
    assert (spread[0], spread[-1]) == ("10:00", "20:30")


_NEAR = {
    "a free one is among them, though a spread leaves it out": (
        "12:30",
        ["10:00", "10:30", "11:00", "11:30", "12:00", "12:30", "13:00", "13:30", "17:00", "17:30"],
    ),
    "between two": (
        "19:40",
        ["13:00", "13:30", "17:00", "17:30", "18:00", "18:30", "19:00", "19:30", "20:00", "20:30"],
    ),
    "before all": ("7:00", ["10:00", "10:30", "11:00", "11:30", "12:00", "12:30", "13:00", "13:30", "17:00", "17:30"]),
}


@pytest.mark.parametrize(("near", "offered"), _NEAR.values(), ids=_NEAR.keys())
async def test_slots_near_a_time_are_the_nearest_ten_and_in_order(desk: Desk, near: str, offered: list[str]) -> None:
    assert await desk.slots("2026-11-24", near=near) == offered


async def test_a_long_service_gets_only_times_at_which_it_fits(desk: Desk) -> None:
    assert await desk.slots("2026-11-28", service="color") == ["10:00", "10:30"]


async def test_a_past_day_has_no_slots(desk: Desk) -> None:
    assert await desk.slots("2026-11-16") == []


async def test_a_booking_tells_all_that_a_flow_needs(desk: Desk) -> None:
    booking = await desk.book("2026-11-24", "10:00", key="conversation:7:0")
    assert booking == {
        "event_id": "bac75bff60f874a1e1fd5c9e9b",
        "date": "2026-11-24",
        "time": "10:00",
        "service": "cut",
        "title": "Corte",
        "starts_at": "2026-11-24T09:00:00Z",
        "reminder_time": "2026-11-23T09:00:00Z",
        "when": "martes 24 de noviembre a las 10:00",
        "staff": "",
        "staff_name": "",
        "status": "open",
    }


async def test_the_words_of_the_list_may_be_handed_back_with_their_prefix(desk: Desk) -> None:
    booking = await desk.book("2026-11-24", "10:00", service="service_cut")
    cancelled = await desk.ask("cancel_appointment", event_id=f"appt_{booking['event_id']}")
    assert cancelled["cancelled"] is True


async def test_a_booked_time_is_no_longer_offered(desk: Desk) -> None:
    await desk.book("2026-11-28", "10:30")
    assert await desk.slots("2026-11-28") == ["10:00", "11:00", "11:30"]
    assert await desk.slots("2026-11-28", service="color") == []


async def test_the_same_key_again_returns_the_same_booking_and_books_once(desk: Desk) -> None:
    first = await desk.book("2026-11-28", "10:30", key="conversation:7:0")
    desk.at += timedelta(days=30)  # a turn run again after a long outage
    assert await desk.book("2026-11-28", "10:30", key="conversation:7:0") == first
    desk.at -= timedelta(days=30)
    assert len(await desk.ask("list_appointments")) == 1


async def test_a_key_never_stands_for_two_appointments(desk: Desk) -> None:
    await desk.book("2026-11-28", "10:30", key="conversation:7:0")
    with pytest.raises(ConflictError, match="key already stands"):
        await desk.book("2026-11-28", "11:30", key="conversation:7:0")
    assert await desk.slots("2026-11-28") == ["10:00", "11:00", "11:30"]


async def test_a_taken_time_is_a_conflict_for_the_second_customer(desk: Desk) -> None:
    await desk.book("2026-11-28", "10:30")
    with pytest.raises(ConflictError, match=r"taken|409"):
        await desk.book("2026-11-28", "10:00", service="color", contact="ben")
    assert await desk.ask("list_appointments", contact="ben") == []


async def test_of_many_customers_at_once_exactly_one_gets_the_time(desk: Desk) -> None:
    asked = [desk.book("2026-11-28", "10:30", contact=f"customer {number}") for number in range(20)]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert sum(isinstance(answer, dict) for answer in answers) == 1
    assert sum(isinstance(answer, ConflictError) for answer in answers) == 19


async def test_a_customer_sees_their_own_coming_appointments_in_order(desk: Desk) -> None:
    late = await desk.book("2026-11-30", "17:00", service="color")
    early = await desk.book("2026-11-24", "10:00")
    await desk.book("2026-11-24", "11:00", contact="ben")
    assert await desk.ask("list_appointments") == [
        {"id": f"appt_{early['event_id']}", "title": "mar 24 nov, 10:00", "description": "Corte"},
        {"id": f"appt_{late['event_id']}", "title": "lun 30 nov, 17:00", "description": "Color"},
    ]
    desk.at += timedelta(days=2)
    assert [row["title"] for row in await desk.ask("list_appointments")] == ["lun 30 nov, 17:00"]


async def test_cancelling_frees_the_time_and_may_be_repeated(desk: Desk) -> None:
    booking = await desk.book("2026-11-28", "10:30")
    expected = {
        "cancelled": True,
        "event_id": booking["event_id"],
        "when": "sábado 28 de noviembre a las 10:30",
    }
    assert await desk.ask("cancel_appointment", event_id=booking["event_id"]) == expected
    assert await desk.ask("cancel_appointment", event_id=booking["event_id"]) == expected
    assert await desk.slots("2026-11-28") == ["10:00", "10:30", "11:00", "11:30"]
    assert await desk.ask("list_appointments") == []


async def test_nobody_cancels_someone_elses_appointment(desk: Desk) -> None:
    booking = await desk.book("2026-11-28", "10:30")
    with pytest.raises(RejectedError, match="no such appointment"):
        await desk.ask("cancel_appointment", contact="ben", event_id=booking["event_id"])
    assert len(await desk.ask("list_appointments")) == 1


async def test_an_appointment_that_has_begun_stands(desk: Desk) -> None:
    booking = await desk.book("2026-11-24", "10:00")
    desk.at += timedelta(days=1, hours=1)
    with pytest.raises(RejectedError, match="already begun"):
        await desk.ask("cancel_appointment", event_id=booking["event_id"])


_REJECTED: dict[str, tuple[str, dict[str, Any], str]] = {
    "an operation there is none": ("reschedule", {}, "no operation 'reschedule'"),
    "a parameter there is none": ("get_services", {"colour": "red"}, "unknown parameter 'colour'"),
    "a missing parameter": ("get_available_slots", {}, "'date' is missing"),
    "an empty parameter": ("get_available_slots", {"date": ""}, "'date' is missing"),
    "no date": ("get_available_slots", {"date": "tomorrow"}, "must be a date"),
    "a day that does not exist": ("get_available_slots", {"date": "2026-02-30"}, "no such day"),
    "a date that is a number": ("get_available_slots", {"date": 20261124}, "must be a date"),
    "a time to be near that is none": (
        "get_available_slots",
        {"date": "2026-11-24", "near": "noon"},
        "near: must be a",
    ),
    "too many days": ("get_available_days", {"from_date": "2026-11-23", "lookahead_days": 9999}, "from 1 to 366"),
    "no days": ("get_available_days", {"from_date": "2026-11-23", "lookahead_days": 0}, "from 1 to 366"),
    "an unknown service": ("get_available_slots", {"date": "2026-11-24", "service": "tattoo"}, "no such service"),
    "an unknown appointment": ("cancel_appointment", {"event_id": "nothing"}, "no such appointment"),
    "an id that climbs": ("cancel_appointment", {"event_id": "../control/reset"}, "no such appointment"),
}


@pytest.mark.parametrize(("operation", "params", "words"), _REJECTED.values(), ids=_REJECTED.keys())
async def test_rejected_in_words(desk: Desk, operation: str, params: dict[str, Any], words: str) -> None:
    with pytest.raises(RejectedError, match=words):
        await desk.ask(operation, **params)


_NOT_BOOKED = {
    "a past day": ("2026-11-16", "10:00", "cut", "already past"),
    "a past time of today": ("2026-11-23", "08:30", "cut", "already past"),
    "within the notice": ("2026-11-23", "09:30", "cut", "not a time"),
    "too far ahead": ("2026-12-07", "10:00", "cut", "more than 14 days ahead"),
    "a closed day": ("2026-11-25", "10:00", "cut", "not a time"),
    "between two slots": ("2026-11-24", "10:10", "cut", "not a time"),
    "too long before closing": ("2026-11-28", "11:00", "color", "not a time"),
    "no time": ("2026-11-24", "noon", "cut", "must be a time"),
    "a time there is none": ("2026-11-24", "25:00", "cut", "must be a time"),
    "an unknown service": ("2026-11-24", "10:00", "tattoo", "no such service"),
}


@pytest.mark.parametrize(("date", "time", "service", "words"), _NOT_BOOKED.values(), ids=_NOT_BOOKED.keys())
async def test_not_booked(desk: Desk, date: str, time: str, service: str, words: str) -> None:
    with pytest.raises(RejectedError, match=words):
        await desk.book(date, time, service=service)
    desk.at -= timedelta(days=30)
    assert await desk.ask("list_appointments") == []


async def test_a_booking_without_a_key_is_refused(desk: Desk) -> None:
    params: dict[str, Any] = {"date": "2026-11-24", "time": "10:00", "service": "cut"}
    call = ConnectorCall("book_appointment", params, "", "ana", desk.at, "Europe/Madrid")
    with pytest.raises(RejectedError, match="no idempotency key"):
        await desk.registry.invoke("calendar", call)
    assert await desk.ask("list_appointments") == []

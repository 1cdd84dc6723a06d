"""A salon as its settings tell it: staff, buffers, things that are shared, and days that are otherwise."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

import pytest

from connectors.calendar.business import read_business
from connectors.calendar.opening_hours import OpenSpan
from connectors.errors import ConflictError, ConnectorConfigError, RejectedError
from connectors.registry import ConnectorRegistry
from tests.connectors.calendar.desk import Desk
from tests.connectors.calendar.google_calendar.google_desk import SHOP, open_google_desk
from tests.fakes.google_calendar import FakeGoogle
from tests.fakes.google_calendar.memory import Calendar
from tests.fakes.loopback import LoopbackServer

SATURDAY = "2026-11-28"
EVA, LEO = "eva@group.calendar.google.com", "leo@group.calendar.google.com"

SALON: dict[str, Any] = {
    "name": "Peluquería Luna",
    "hours": {"sat": ["10:00-12:00"], "tue": ["10:00-12:00"]},
    "special_days": [{"date": "2026-12-05", "hours": ["10:00-11:00"], "name": "Puente"}],
    "holidays": ["2026-12-01", "12-08"],
    "services": [
        {"id": "cut", "name": "Corte", "minutes": 30},
        {
            "id": "color",
            "name": "Color",
            "minutes": 60,
            "buffer_after_min": 15,
            "staff": ["eva"],
            "resources": ["sink"],
        },
        {"id": "wash", "name": "Lavado", "minutes": 30, "resources": ["sink"]},
    ],
    "staff": [
        {"id": "eva", "name": "Eva", "calendar_id": EVA},
        {"id": "leo", "name": "Leo", "calendar_id": LEO, "hours": {"sat": ["11:00-15:00"]}},
    ],
    "resources": [{"id": "sink", "capacity": 1}],
    "phone": "600 111 222",
}
BLOCK: dict[str, Any] = {"timezone": "Europe/Madrid", "lookahead_days_client": 14}


@pytest.fixture
def google() -> FakeGoogle:
    google = FakeGoogle()
    for name in (SHOP, EVA, LEO):
        google.calendar(name)
    return google


@pytest.fixture(params=["ledger", "google"])
async def salon(request: pytest.FixtureRequest, google: FakeGoogle) -> AsyncIterator[Desk]:
    if request.param == "ledger":
        registry = ConnectorRegistry.from_config({"calendar": {"type": "mock_calendar", **BLOCK}}, business=SALON)
        yield Desk(registry)
        await registry.close()
        return
    async with (
        LoopbackServer(google.app()) as server,
        open_google_desk(google, server.url, business=SALON, schedule=None) as desk,
    ):
        yield desk
    assert google.violations == []


async def booked(salon: Desk, time: str, service: str, **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = await salon.ask(
        "book_appointment", date=SATURDAY, time=time, service=service, contact=f"customer {time} {service}", **more
    )
    return found


async def test_whoever_is_free_serves_and_nobody_outside_of_their_hours(salon: Desk) -> None:
    assert (await booked(salon, "11:00", "cut"))["staff"] == "eva"
    assert (await booked(salon, "11:00", "cut", contact_name="Ben", key="second"))["staff_name"] == "Leo"
    assert await salon.slots(SATURDAY, service="cut") == ["10:00", "10:30", "11:30"]
    assert await salon.slots(SATURDAY, service="cut", staff="leo") == ["11:30"]
    with pytest.raises(ConflictError):
        await booked(salon, "11:00", "cut", key="third")


async def test_a_customer_may_choose_who_serves(salon: Desk) -> None:
    assert (await booked(salon, "11:00", "cut", staff="leo"))["staff"] == "leo"
    with pytest.raises(ConflictError):
        await booked(salon, "11:00", "cut", staff="leo", key="second")
    with pytest.raises(RejectedError, match=r"nobody of this id for it \(staff: eva\)"):
        await booked(salon, "10:00", "color", staff="leo")
    with pytest.raises(RejectedError, match="not a time"):
        await booked(salon, "10:00", "cut", staff="leo")


async def test_buffers_are_kept_free(salon: Desk) -> None:
    await booked(salon, "10:00", "color")
    # An hour of colour and a quarter of cleaning: Eva is free again at 11:15, which the grid offers as 11:30.
    assert await salon.slots(SATURDAY, service="cut", staff="eva") == ["11:30"]
    assert await salon.slots(SATURDAY, service="color") == []


async def test_a_thing_that_is_in_use_is_in_use_for_everybody(salon: Desk) -> None:
    await booked(salon, "10:30", "wash", staff="eva")
    assert await salon.slots(SATURDAY, service="wash") == ["10:00", "11:00", "11:30"]
    await booked(salon, "11:00", "wash", staff="leo")
    assert await salon.slots(SATURDAY, service="wash") == ["10:00", "11:30"]
    assert await salon.slots(SATURDAY, service="color") == []
    assert await salon.slots(SATURDAY, service="cut", staff="eva") == ["10:00", "11:00", "11:30"]


async def test_holidays_are_closed_and_special_days_have_their_own_hours(salon: Desk) -> None:
    assert await salon.days(service="cut") == [
        "day_2026-11-24",
        "day_2026-11-28",
        "day_2026-12-05",
    ]
    assert await salon.slots("2026-12-05", service="cut") == ["10:00", "10:30"]
    with pytest.raises(RejectedError, match="not a time"):
        await salon.book("2026-12-01", "10:00")


async def test_a_move_stays_with_whom_it_was_unless_they_are_busy(salon: Desk) -> None:
    mine = await booked(salon, "11:00", "cut", staff="leo")
    who = {"contact": "customer 11:00 cut", "event_id": mine["event_id"], "date": SATURDAY}
    moved = await salon.ask("reschedule_appointment", time="11:30", **who)
    assert moved["staff"] == "leo"
    elsewhere = await salon.ask("reschedule_appointment", time="10:00", **(who | {"event_id": moved["event_id"]}))
    assert elsewhere["staff"] == "eva"  # Leo is not there yet


async def test_moving_keeps_whom_it_was_with_free_to_choose(salon: Desk) -> None:
    booking = await booked(salon, "10:00", "color", contact_name="Ana")
    who = "customer 10:00 color"
    moved = await salon.ask(
        "reschedule_appointment", event_id=booking["event_id"], date=SATURDAY, time="10:30", contact=who
    )
    assert (moved["time"], moved["staff"], moved["service"]) == ("10:30", "eva", "color")
    listed = await salon.ask("list_day_appointments", date=SATURDAY)
    assert [(row["time"], row["contact_name"]) for row in listed] == [("10:30", "Ana")]


async def test_nobody_gets_more_than_a_days_work(google: FakeGoogle) -> None:
    registry = ConnectorRegistry.from_config(
        {"calendar": {"type": "mock_calendar", **BLOCK}}, business=SALON | {"max_per_day": 1}
    )
    salon = Desk(registry)
    await booked(salon, "11:00", "cut", staff="eva")
    assert await salon.slots(SATURDAY, service="cut") == ["11:00", "11:30"]  # Leo's
    await booked(salon, "11:30", "cut")
    assert await salon.slots(SATURDAY, service="cut") == []
    assert await salon.slots("2026-11-24", service="cut") == ["10:00", "10:30", "11:00", "11:30"]


async def test_each_has_a_calendar_and_a_meeting_of_one_is_not_the_others(google: FakeGoogle) -> None:
    google.calendar(EVA).add(f"{SATURDAY}T11:00:00+01:00", minutes=60)
    async with (
        LoopbackServer(google.app()) as server,
        open_google_desk(google, server.url, business=SALON, schedule=None) as salon,
    ):
        assert await salon.slots(SATURDAY, service="cut") == ["10:00", "10:30", "11:00", "11:30"]
        assert (await booked(salon, "11:00", "cut"))["staff"] == "leo"
        assert len(google.calendar(LEO).standing()) == 1
        google.calendar(LEO).role = "none"
        with pytest.raises(Exception, match="not shared"):
            await salon.slots(SATURDAY, service="cut")  # nothing is offered on half of the truth


async def test_staff_who_share_a_calendar_block_only_themselves(google: FakeGoogle) -> None:
    shop: Calendar = google.calendar(SHOP)
    staff: list[Any] = [{"id": "eva", "name": "Eva"}, {"id": "leo", "name": "Leo"}]
    async with (
        LoopbackServer(google.app()) as server,
        open_google_desk(google, server.url, business={"staff": staff}) as salon,
    ):
        first = await booked(salon, "10:00", "appointment")
        second = await booked(salon, "10:00", "appointment", key="second")
        assert (first["staff"], second["staff"]) == ("eva", "leo")
        assert len(shop.standing()) == 2
        assert await salon.slots(SATURDAY) == ["10:30", "11:00", "11:30"]
        shop.add(f"{SATURDAY}T11:00:00+01:00", summary="cerrado")
        assert await salon.slots(SATURDAY) == ["10:30", "11:30"]
    assert google.violations == []


_FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "hours that are none": ({"hours": "always"}, "business.hours: must be a mapping of weekdays"),
    "a span that is none": ({"hours": {"mon": ["late"]}}, "business.hours: mon has a span"),
    "a holiday that is no day": ({"hours": {}, "holidays": ["Navidad"]}, "business.hours: a day must be written like"),
    "a yearly holiday there is none": ({"hours": {}, "holidays": ["02-30"]}, "a day must be written like"),
    "a service without a name": ({"services": [{"id": "cut"}]}, r"business.services: \[0\].name must be a text"),
    "a service of no length": (
        {"services": [{"id": "cut", "name": "Cut", "minutes": 0}]},
        "minutes must be a whole number from 5 to 720",
    ),
    "two services of one id": ({"services": [{"id": "cut", "name": "A"}, {"id": "cut", "name": "B"}]}, "two entries"),
    "an id with capitals": ({"staff": [{"id": "Eva", "name": "Eva"}]}, "lower-case letters"),
    "staff there are not": (
        {"services": [{"id": "cut", "name": "Cut", "staff": ["mia"]}]},
        "cut names staff 'mia', which there is not",
    ),
    "a thing there is not": (
        {"services": [{"id": "cut", "name": "Cut", "resources": ["sauna"]}]},
        "cut names resource 'sauna', which there is not",
    ),
    "a room for nobody": ({"resources": [{"id": "room", "capacity": 0}]}, "capacity must be a whole number"),
    "staff that are a mapping": ({"staff": {"eva": {}}}, "must be a list of at most 200"),
    "notice of a year": ({"lead_time_min": 525_600}, "business.lead_time_min: lead_time_min must be a whole number"),
}


@pytest.mark.parametrize(("business", "words"), _FAULTS.values(), ids=_FAULTS.keys())
def test_settings_are_refused_at_their_place(business: dict[str, Any], words: str) -> None:
    with pytest.raises(ConnectorConfigError, match=words):
        ConnectorRegistry.from_config({"calendar": {"type": "mock_calendar"}}, business=business)


def test_every_fault_is_told_at_once() -> None:
    told = read_business({"hours": 3, "services": [{"id": "x"}], "staff": [{}], "max_per_day": 0}, 30)
    assert [problem.partition(":")[0] for problem in told.problems] == ["hours", "staff", "services", "max_per_day"]


def test_what_a_calendar_does_not_need_is_passed_over() -> None:
    assert read_business({"name": "Luna", "phone": "1", "address": {"street": "x"}, "country": "ES"}, 30).problems == []


def test_hours_are_read_as_the_flow_language_reads_them() -> None:
    told = read_business(
        {"hours": {"fri": ["20:00–02:00"], "sun": "10:00-00:00", "special_days": {"2026-12-24": ["10:00-13:00"]}}}, 30
    )
    assert told.problems == []
    assert told.hours is not None
    assert told.hours.on(date(2026, 11, 27)) == (OpenSpan(1200, 1440),)
    assert told.hours.on(date(2026, 11, 28)) == (OpenSpan(0, 120),)
    assert told.hours.on(date(2026, 11, 29)) == (OpenSpan(600, 1440),)
    assert told.hours.on(date(2026, 12, 24)) == (OpenSpan(600, 780),)


def test_a_service_without_a_length_takes_one_step() -> None:
    (service,) = read_business({"services": [{"id": "service_cut", "name": {"es": "Corte", "en": "Cut"}}]}, 20).services
    assert (service.id, service.duration) == ("cut", timedelta(minutes=20))
    assert service.title.in_language("es-ES") == "Corte"

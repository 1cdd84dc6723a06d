"""A real CalDAV server, people who edit with programs of their own, and servers that are none."""

from __future__ import annotations

import asyncio
import re
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from connectors.errors import ConflictError, ConnectorError, RejectedError, UnauthorizedError, UnavailableError
from connectors.state import AppointmentChange, Attendance, ChangeKind, ConnectorState
from tests.connectors.calendar.caldav.dav_desk import adapter_of, open_dav_desk
from tests.connectors.calendar.desk import Desk
from tests.fakes.loopback import LoopbackServer
from tests.fakes.radicale_server import Radicale

SATURDAY = "2026-11-28"
ALL_FREE = ["10:00", "10:30", "11:00", "11:30"]


def put(radicale: Radicale, url: str, name: str, *lines: str) -> None:
    """Somebody saves an event with a program of their own."""
    text = "\r\n".join(
        [
            *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Somebody//EN", "BEGIN:VEVENT", f"UID:{name}"),
            *("DTSTAMP:20261101T000000Z", *lines, "END:VEVENT", "END:VCALENDAR", ""),
        ]
    )
    with radicale.http() as http:
        answer = http.put(f"{url}{name}.ics", content=text, headers={"content-type": "text/calendar"})
    assert answer.status_code in (201, 204), answer.text


def edit(radicale: Radicale, url: str, booking: dict[str, Any], pattern: str, text: str) -> None:
    """Somebody changes something of an event of ours."""
    address = f"{url}{booking['event_id']}.ics"
    with radicale.http() as http:
        before = http.get(address).text
        after = re.sub(pattern, text, before)
        assert after != before
        assert http.put(address, content=after.encode(), headers={"content-type": "text/calendar"}).is_success


def remove(radicale: Radicale, url: str, booking: dict[str, Any]) -> None:
    with radicale.http() as http:
        assert http.delete(f"{url}{booking['event_id']}.ics").is_success


async def synced(desk: Desk, state: ConnectorState) -> list[AppointmentChange]:
    await adapter_of(desk).sync(desk.at + timedelta(minutes=5))
    return list(await state.appointments.untold(99))


_EVENTS = {
    "a meeting": (["DTSTART:20261128T090000Z", "DTEND:20261128T093000Z"], ["10:30", "11:00", "11:30"]),
    "one with a length": (["DTSTART:20261128T090000Z", "DURATION:PT1H"], ["11:00", "11:30"]),
    "a whole day": (["DTSTART;VALUE=DATE:20261128"], []),
    "a time without a zone": (["DTSTART:20261128T100000", "DTEND:20261128T103000"], ["10:30", "11:00", "11:30"]),
    "a weekly series": (
        ["DTSTART:20261107T100000Z", "DTEND:20261107T103000Z", "RRULE:FREQ=WEEKLY"],
        ["10:00", "10:30", "11:30"],
    ),
    "a series with this week left out": (
        ["DTSTART:20261107T100000Z", "DTEND:20261107T103000Z", "RRULE:FREQ=WEEKLY", "EXDATE:20261128T100000Z"],
        ALL_FREE,
    ),
    "what is shown as free": (["DTSTART:20261128T090000Z", "DTEND:20261128T110000Z", "TRANSP:TRANSPARENT"], ALL_FREE),
    "what is cancelled": (["DTSTART:20261128T090000Z", "DTEND:20261128T110000Z", "STATUS:CANCELLED"], ALL_FREE),
}


@pytest.mark.parametrize(("lines", "free"), _EVENTS.values(), ids=_EVENTS.keys())
async def test_what_people_enter_is_respected(
    radicale: Radicale, url: str, desk: Desk, lines: list[str], free: list[str]
) -> None:
    put(radicale, url, "somebody", *lines)
    assert await desk.slots(SATURDAY) == free
    if free != ALL_FREE:
        with pytest.raises(ConflictError):
            await desk.book(SATURDAY, next(time for time in ALL_FREE if time not in free))


async def test_the_business_reads_who_comes(radicale: Radicale, url: str, desk: Desk) -> None:
    booking = await desk.ask(
        "book_appointment", date=SATURDAY, time="10:00", service="cut", contact_name="Ana", notes="Niño"
    )
    with radicale.http() as http:
        text = http.get(f"{url}{booking['event_id']}.ics").text.replace("\r\n ", "")
    for line in ("SUMMARY:Corte · Ana", "DTSTART:20261128T090000Z", "DTEND:20261128T093000Z"):
        assert f"{line}\r\n" in text
    assert "DESCRIPTION:Cliente: Ana\\nServicio: Corte\\nEstado: por confirmar\\n\\nNiño" in text


@pytest.mark.parametrize("known_before", [True, False], ids=["since the last time", "at the first time"])
async def test_what_people_move_or_delete_is_followed(
    radicale: Radicale, url: str, desk: Desk, state: ConnectorState, known_before: bool
) -> None:
    moved, gone = await desk.book(SATURDAY, "10:00"), await desk.book(SATURDAY, "10:30")
    if known_before:
        assert await synced(desk, state) == []
    edit(radicale, url, moved, r"20261128T09(\d+)Z", r"20261128T10\1Z")
    remove(radicale, url, gone)
    changes = {change.kind: change.row.booking for change in await synced(desk, state)}
    assert set(changes) == {ChangeKind.MOVED, ChangeKind.CANCELLED}
    assert changes[ChangeKind.MOVED].starts_at == datetime.fromisoformat(f"{SATURDAY}T11:00:00+01:00")
    assert await desk.slots(SATURDAY) == ["10:00", "10:30", "11:30"]
    assert len(await synced(desk, state)) == 2  # noted once each


async def test_a_token_that_the_server_does_not_know_leads_to_a_whole_reading(
    radicale: Radicale, url: str, desk: Desk, state: ConnectorState
) -> None:
    booking = await desk.book(SATURDAY, "10:00")
    await state.sync.set("calendar.", "http://radicale.org/ns/sync/" + "0" * 64)
    remove(radicale, url, booking)
    assert [change.kind for change in await synced(desk, state)] == [ChangeKind.CANCELLED]


async def test_a_status_and_a_longer_time_are_read(
    radicale: Radicale, url: str, desk: Desk, state: ConnectorState
) -> None:
    booking = await desk.book(SATURDAY, "10:00")
    edit(radicale, url, booking, r"Estado: por\s+confirmar", "Estado: no vino")
    edit(radicale, url, booking, "DTEND:20261128T093000Z", "DTEND:20261128T101500Z")
    assert await synced(desk, state) == []
    row = await state.appointments.find(booking["event_id"])
    assert row is not None
    assert (row.attendance, row.booking.ends_at.minute) == (Attendance.NO_SHOW, 15)
    assert await desk.slots(SATURDAY) == ["11:30"]


async def test_what_programs_add_to_an_event_of_ours_stays(radicale: Radicale, url: str, desk: Desk) -> None:
    booking = await desk.book(SATURDAY, "10:00")
    edit(radicale, url, booking, "END:VEVENT", "LOCATION:Silla 2\r\nX-OTHER-PROGRAM:1\r\nEND:VEVENT")
    await desk.ask("confirm_appointment", event_id=booking["event_id"])
    with radicale.http() as http:
        text = http.get(f"{url}{booking['event_id']}.ics").text
    assert "LOCATION:Silla 2" in text
    assert "X-OTHER-PROGRAM:1" in text
    assert "Estado: confirmada" in text.replace("\r\n ", "")


async def test_an_event_our_marks_were_taken_from_is_somebody_elses(
    radicale: Radicale, url: str, desk: Desk, state: ConnectorState
) -> None:
    booking = await desk.book(SATURDAY, "10:00")
    edit(radicale, url, booking, r"X-FRONTDESK-[^\r]+\r\n(?: [^\r]*\r\n)*", "")
    assert await synced(desk, state) == []
    assert await desk.slots(SATURDAY) == ["10:30", "11:00", "11:30"]
    assert len(await desk.ask("list_appointments")) == 1


async def test_processes_that_know_nothing_of_each_other_never_tell_two_customers_the_same_time(url: str) -> None:
    told: list[str] = []
    async with AsyncExitStack() as stack:
        desks = [await stack.enter_async_context(open_dav_desk(url)) for _ in range(3)]
        for number, time in enumerate(ALL_FREE):
            asked = [
                desk.book(SATURDAY, time, contact=f"customer {index}", key=f"{number}:{index}")
                for index, desk in enumerate(desks)
            ]
            answers = await asyncio.gather(*asked, return_exceptions=True)
            told += [time for answer in answers if isinstance(answer, dict)]
            assert all(isinstance(answer, dict | ConflictError) for answer in answers)
    assert len(told) == len(set(told))


async def test_staff_have_calendars_of_their_own_on_the_same_server(radicale: Radicale, url: str) -> None:
    other = radicale.calendar()
    leo = {"id": "leo", "name": "Leo", "calendar_id": other.removeprefix(radicale.url)}
    staff = [{"id": "eva", "name": "Eva"}, leo]
    async with open_dav_desk(url, business={"staff": staff}) as desk:  # type: ignore[dict-item] # a literal is wider
        first = await desk.book(SATURDAY, "10:00", service="appointment")
        second = await desk.book(SATURDAY, "10:00", service="appointment", contact="ben")
        assert (first["staff"], second["staff"]) == ("eva", "leo")
    with radicale.http() as http:
        assert http.get(f"{other}{second['event_id']}.ics").is_success


async def test_the_password_is_not_sent_to_another_server(url: str) -> None:
    seen: list[Request] = []

    async def listen(request: Request) -> Response:
        seen.append(request)
        return Response()

    app = Starlette(routes=[Route("/{path:path}", listen, methods=["GET", "PUT", "REPORT"])])
    async with LoopbackServer(app) as elsewhere:
        staff = [{"id": "eva", "name": "Eva", "calendar_id": f"{elsewhere.url}/calendar/"}]
        async with open_dav_desk(url, business={"staff": staff}) as desk:  # type: ignore[dict-item] # a literal is wider
            with pytest.raises(RejectedError, match="the password is not sent there"):
                await desk.slots(SATURDAY)
    assert seen == []


async def test_a_calendar_that_is_gone_cancels_nothing(
    radicale: Radicale, url: str, desk: Desk, state: ConnectorState
) -> None:
    booking = await desk.book(SATURDAY, "10:00")
    await synced(desk, state)
    with radicale.http() as http:
        assert http.delete(url).is_success
    for ask in (
        adapter_of(desk).sync(desk.at),
        desk.ask("list_appointments"),
        desk.ask("cancel_appointment", event_id=booking["event_id"]),
    ):
        with pytest.raises(UnauthorizedError, match="no calendar at the address"):
            await ask
    assert await state.appointments.untold(9) == []


_BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE m [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    b'<d:multistatus xmlns:d="DAV:">&b;</d:multistatus>'
)


def _answer(body: str) -> bytes:
    return (
        '<d:multistatus xmlns:d="DAV:" xmlns:c="urn:ietf:params:xml:ns:caldav"><d:response><d:href>/a/x.ics</d:href>'
        f"<d:propstat><d:prop><d:getetag>1</d:getetag><c:calendar-data>{body}</c:calendar-data></d:prop></d:propstat>"
        "</d:response></d:multistatus>"
    ).encode()


_GARBAGE: dict[str, tuple[int, bytes, type[ConnectorError]]] = {
    "a page of HTML": (200, b"<html><body>Login", UnavailableError),
    "another document": (207, b"<d:other xmlns:d='DAV:'/>", UnavailableError),
    "entities": (207, _BOMB, UnavailableError),
    "ten megabytes": (207, b"<m>" + b"x" * 10_000_000, UnavailableError),
    "an event that is none": (207, _answer("BEGIN:VCALENDAR\nBEGIN:VEVENT\n"), UnavailableError),
    "an event at no time": (
        207,
        _answer("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:x\nDTSTART:noon\nEND:VEVENT\nEND:VCALENDAR\n"),
        UnavailableError,
    ),
    "a redirect": (301, b"", UnauthorizedError),
    "an outage": (503, b"", UnavailableError),
}


@pytest.mark.parametrize(("status", "body", "error"), _GARBAGE.values(), ids=_GARBAGE.keys())
async def test_no_time_is_offered_on(status: int, body: bytes, error: type[ConnectorError]) -> None:
    async def answer(request: Request) -> Response:
        return Response(body, status, headers={"location": "http://127.0.0.1:9/"} if status == 301 else {})

    app = Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "REPORT", "PROPFIND"])])
    async with LoopbackServer(app) as server, open_dav_desk(f"{server.url}/cal/") as desk:
        with pytest.raises(error):
            await desk.slots(SATURDAY)


async def test_an_entity_of_another_place_is_not_fetched() -> None:
    """Neither an address nor a file of ours is read because an answer names it."""
    asked: list[str] = []

    async def answer(request: Request) -> Response:
        asked.append(request.url.path)
        named = "file:///etc/hostname" if request.url.path.startswith("/file") else f"{request.base_url}named"
        return Response(
            f'<?xml version="1.0"?><!DOCTYPE m [<!ENTITY a SYSTEM "{named}">]>'
            '<d:multistatus xmlns:d="DAV:">&a;</d:multistatus>',
            207,
        )

    app = Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "REPORT", "PROPFIND"])])
    async with LoopbackServer(app) as server:
        for place in ("cal", "file"):
            async with open_dav_desk(f"{server.url}/{place}/") as desk:
                with pytest.raises(UnavailableError, match="not the XML of WebDAV"):
                    await desk.slots(SATURDAY)
    assert set(asked) == {"/cal/", "/file/"}

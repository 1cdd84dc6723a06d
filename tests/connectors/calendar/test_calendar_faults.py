"""A calendar server that fails: what is tried again, what is not, and that nothing is booked twice."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator

import pytest

from connectors.errors import ConnectorError, RateLimitedError, TimedOutError, UnauthorizedError, UnavailableError
from tests.connectors.calendar.desk import Desk, open_desk
from tests.fakes.calendar_server import CalendarServer, Fault
from tests.fakes.loopback import LoopbackServer

_QUICK = {"attempts": 3, "base_wait_s": 0.001, "max_wait_s": 0.002}


@pytest.fixture
def server() -> CalendarServer:
    return CalendarServer()


@pytest.fixture
async def desk(server: CalendarServer) -> AsyncIterator[Desk]:
    async with (
        LoopbackServer(server.app()) as loopback,
        open_desk(base_url=loopback.url, policy=dict(_QUICK)) as desk,
    ):
        yield desk


async def test_a_lost_answer_is_asked_for_again_and_books_once(server: CalendarServer, desk: Desk) -> None:
    server.faults += [Fault(status=0), Fault(status=503, after_work=True)]  # the look-up passes, the booking is lost
    booking = await desk.book("2026-11-24", "10:00", key="conversation:7:0")
    assert [event["id"] for event in server.events.values()] == [booking["event_id"]]
    assert [(request["method"], request["status"]) for request in server.requests] == [
        ("GET", 200),
        ("POST", 503),
        ("POST", 200),
    ]


async def test_a_booking_carries_its_key_and_a_deletion_names_its_event(server: CalendarServer, desk: Desk) -> None:
    booking = await desk.book("2026-11-24", "10:00", key="conversation:7:0")
    await desk.ask("cancel_appointment", key="conversation:8:0", event_id=booking["event_id"])
    writes = [request for request in server.requests if request["method"] != "GET"]
    assert [(write["method"], write["path"], write["idempotency_key"]) for write in writes] == [
        ("POST", "/events", "conversation:7:0"),
        ("DELETE", f"/events/{booking['event_id']}", None),
    ]


async def test_a_short_outage_goes_unnoticed(server: CalendarServer, desk: Desk) -> None:
    server.faults.append(Fault(status=503, times=2))
    assert len(await desk.slots("2026-11-28")) == 4


_FAULTS: dict[str, tuple[Fault, type[ConnectorError], int]] = {
    "a server that stays down": (Fault(status=500, times=9), UnavailableError, 3),
    "a server that wants to be left alone for long": (
        Fault(status=429, times=9, retry_after=60),
        RateLimitedError,
        1,
    ),
    "a credential that does not open": (Fault(status=401, times=9), UnauthorizedError, 1),
    "a success that holds no JSON": (Fault(status=200, times=9, body="<html>"), UnavailableError, 3),
    "a success that holds no list": (Fault(status=200, times=9, body="{}"), UnavailableError, 3),
    "events without what an event needs": (Fault(status=200, times=9, body="[{}]"), UnavailableError, 3),
    "events at no time": (
        Fault(status=200, times=9, body='[{"id":"1","contact_id":"a","service":"cut","start":"noon","end":"one"}]'),
        UnavailableError,
        3,
    ),
    "events in no zone": (
        Fault(
            status=200,
            times=9,
            body='[{"id":"1","contact_id":"a","service":"cut","start":"2026-11-24T10:00","end":"2026-11-24T11:00"}]',
        ),
        UnavailableError,
        3,
    ),
}


@pytest.mark.parametrize(("fault", "error", "requests"), _FAULTS.values(), ids=_FAULTS.keys())
async def test_a_failing_server_is(
    server: CalendarServer, desk: Desk, fault: Fault, error: type[ConnectorError], requests: int
) -> None:
    server.faults.append(Fault(**vars(fault)))
    with pytest.raises(error):
        await desk.slots("2026-11-28")
    assert len(server.requests) == requests


async def test_a_hanging_server_is_cut_off(server: CalendarServer) -> None:
    server.faults.append(Fault(status=0, hang_s=30, times=9))
    policy = {"attempts": 2, "base_wait_s": 0.001, "attempt_timeout_s": 0.05}
    async with (
        LoopbackServer(server.app()) as loopback,
        open_desk(base_url=loopback.url, policy=dict(policy)) as desk,
    ):
        with pytest.raises(TimedOutError):
            await desk.slots("2026-11-28")
    assert server.events == {}


async def test_logs_name_no_customer_and_no_key(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "connectors")
    caplog.set_level(logging.INFO, "httpx2")
    await desk.book("2026-11-24", "10:00", contact="34600111222", key="http_dev:34600111222:7:0")
    await desk.ask("list_appointments", contact="34600111222")
    ours = [record.getMessage() for record in caplog.records if record.name.startswith(("connectors", "httpx2"))]
    assert any("operation=book_appointment outcome=ok" in line for line in ours)
    assert not [line for line in ours if "34600111222" in line]

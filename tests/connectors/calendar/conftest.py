"""Every calendar there is: each test that asks for ``desk`` runs on all of them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.connectors.calendar.caldav.dav_desk import open_dav_desk
from tests.connectors.calendar.desk import Desk, open_desk
from tests.connectors.calendar.google_calendar.google_desk import SHOP, open_google_desk
from tests.fakes.calendar_server import CalendarServer
from tests.fakes.google_calendar import FakeGoogle
from tests.fakes.loopback import LoopbackServer
from tests.fakes.radicale_server import Radicale, running_radicale


@pytest.fixture(scope="session")
def radicale(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Radicale]:
    """One server for all tests of a process; each test has calendars of its own on it."""
    with running_radicale(tmp_path_factory.mktemp("radicale")) as server:
        yield server


@pytest.fixture(params=["ledger", "server", "google", "caldav"])
async def desk(request: pytest.FixtureRequest) -> AsyncIterator[Desk]:
    """A calendar on Monday 2026-11-23 at 09:00 in Madrid."""
    match request.param:
        case "ledger":
            async with open_desk() as desk:
                yield desk
        case "server":
            async with LoopbackServer(CalendarServer().app()) as server, open_desk(base_url=server.url) as desk:
                yield desk
        case "google":
            google = FakeGoogle()
            google.calendar(SHOP)
            async with LoopbackServer(google.app()) as server, open_google_desk(google, server.url) as desk:
                yield desk
            assert google.violations == []
        case _:
            radicale: Radicale = request.getfixturevalue("radicale")
            async with open_dav_desk(radicale.calendar()) as desk:
                yield desk

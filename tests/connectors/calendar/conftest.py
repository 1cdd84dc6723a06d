"""The mock calendar in the process and behind a server: every test that asks for it runs on both."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.connectors.calendar.desk import Desk, open_desk
from tests.fakes.calendar_server import CalendarServer
from tests.fakes.loopback import LoopbackServer


@pytest.fixture(params=["in_process", "server"])
async def desk(request: pytest.FixtureRequest) -> AsyncIterator[Desk]:
    """A calendar on Monday 2026-11-23 at 09:00 in Madrid."""
    if request.param == "in_process":
        async with open_desk() as desk:
            yield desk
        return
    async with LoopbackServer(CalendarServer().app()) as server, open_desk(base_url=server.url) as desk:
        yield desk

"""A calendar on a real CalDAV server, and a desk that books in it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from connectors.state import ConnectorState
from tests.connectors.calendar.caldav.dav_desk import open_dav_desk
from tests.connectors.calendar.desk import Desk
from tests.fakes.radicale_server import Radicale


@pytest.fixture
def url(radicale: Radicale) -> str:
    return radicale.calendar()


@pytest.fixture
def state() -> ConnectorState:
    return ConnectorState()


@pytest.fixture
async def desk(url: str, state: ConnectorState) -> AsyncIterator[Desk]:
    async with open_dav_desk(url, state=state) as desk:
        yield desk

"""A fake Google with one shared calendar, and what its requests were."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from tests.connectors.calendar.desk import Desk
from tests.connectors.calendar.google_calendar.google_desk import SHOP, open_google_desk
from tests.fakes.google_calendar import FakeGoogle
from tests.fakes.google_calendar.memory import Calendar
from tests.fakes.loopback import LoopbackServer


@pytest.fixture
def google() -> Iterator[FakeGoogle]:
    """Whatever a test does, nothing may pass that the API does not know."""
    google = FakeGoogle()
    google.calendar(SHOP)
    yield google
    assert google.violations == []


@pytest.fixture
def shop(google: FakeGoogle) -> Calendar:
    return google.calendar(SHOP)


@pytest.fixture
async def url(google: FakeGoogle) -> AsyncIterator[str]:
    async with LoopbackServer(google.app()) as server:
        yield server.url


@pytest.fixture
async def desk(google: FakeGoogle, url: str) -> AsyncIterator[Desk]:
    async with open_google_desk(google, url) as desk:
        yield desk

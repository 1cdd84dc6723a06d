"""Every channel, each with a runtime of its own."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from tests.fakes.graph_server import FakeGraphServer
from tests.fakes.telegram import FakeTelegramServer
from tests.runtime.channels.contract.line import Line
from tests.runtime.channels.contract.pulled_lines import HttpDevLine, WebChatLine
from tests.runtime.channels.contract.telegram_line import TelegramLine
from tests.runtime.channels.contract.whatsapp_line import NUMBER, WhatsAppLine
from tests.runtime.channels.telegram.conftest import TOKEN


@contextlib.asynccontextmanager
async def whatsapp(folder: Path) -> AsyncIterator[Line]:
    async with FakeGraphServer(tokens=["EAAtoken"], phone_number_ids=[NUMBER]) as graph:
        yield WhatsAppLine(folder, graph)


@contextlib.asynccontextmanager
async def telegram(folder: Path) -> AsyncIterator[Line]:
    async with FakeTelegramServer(TOKEN) as server:
        yield TelegramLine(folder, server)


@contextlib.asynccontextmanager
async def web_chat(folder: Path) -> AsyncIterator[Line]:
    yield WebChatLine(folder)


@contextlib.asynccontextmanager
async def http_dev(folder: Path) -> AsyncIterator[Line]:
    yield HttpDevLine(folder)


LINES: dict[str, Callable[[Path], AbstractAsyncContextManager[Line]]] = {
    "whatsapp": whatsapp,
    "telegram": telegram,
    "web_chat": web_chat,
    "http_dev": http_dev,
}


@pytest.fixture(params=LINES)
async def closed_line(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Line]:
    """A channel whose runtime is not up yet."""
    async with LINES[request.param](tmp_path) as line:
        yield line


@pytest.fixture
async def line(closed_line: Line) -> AsyncIterator[Line]:
    """A channel whose runtime is up."""
    async with closed_line.open():
        yield closed_line

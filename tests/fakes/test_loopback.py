"""What the server that tests start does at its end."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import socket

import pytest
from starlette.applications import Starlette

from tests.fakes.loopback import LoopbackServer

PATIENCE_S = 10


@pytest.mark.parametrize("rounds", range(5))
async def test_a_connection_that_comes_while_the_server_stops_is_closed_and_not_forgotten(rounds: int) -> None:
    async with LoopbackServer(Starlette()) as server:
        host, _, port = server.url.removeprefix("http://").partition(":")
        client = socket.create_connection((host, int(port)), timeout=PATIENCE_S)
        for _ in range(rounds):
            await asyncio.sleep(0)
    with client, contextlib.suppress(ConnectionResetError):
        assert client.recv(1) == b""
    gc.collect()  # a transport that nobody closed complains here

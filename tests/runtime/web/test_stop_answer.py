"""Who is cancelled by a server that stops is told to come again, and nobody else is."""

from __future__ import annotations

import asyncio
import socket

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from runtime.web.stop_answer import StopAnswer

PATIENCE_S = 20
START = {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"9")]}


class Held:
    """Begins its answer if so told, and then waits for good."""

    def __init__(self, *, begins: bool) -> None:
        self._begins = begins
        self.under_way = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._begins:
            await send(START)
            await send({"type": "http.response.body", "body": b"hal", "more_body": True})
        self.under_way.set()
        await asyncio.Event().wait()


async def answer_of(held: Held, *, stopping: bool) -> bytes:
    """What a client gets on the wire when the server is stopped without patience."""
    config = uvicorn.Config(
        StopAnswer(held, lambda: stopping), lifespan="off", log_config=None, ws="none", timeout_graceful_shutdown=0
    )
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        reader, writer = await asyncio.open_connection(*listener.getsockname())
        writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        async with asyncio.timeout(PATIENCE_S):
            await held.under_way.wait()
            server.should_exit = True
            answer = await reader.read()
            await serving
        writer.close()
    return answer


@pytest.mark.parametrize(
    ("begins", "stopping", "first", "last"),
    [
        pytest.param(False, True, b"HTTP/1.1 503 ", b'Try again."}', id="unanswered at a stop: come again"),
        pytest.param(True, True, b"HTTP/1.1 200 ", b"\r\n\r\nhal", id="an answer that has begun is cut off"),
        pytest.param(False, False, b"HTTP/1.1 500 ", b"Internal Server Error", id="cancelled for another reason"),
    ],
)
async def test_a_request_that_is_cancelled(begins: bool, stopping: bool, first: bytes, last: bytes) -> None:
    answer = await answer_of(Held(begins=begins), stopping=stopping)
    assert answer.startswith(first)
    assert answer.endswith(last)

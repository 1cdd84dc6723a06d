"""The Graph API inside a load generator's process: raw bytes in, raw bytes out, so that it is not what is measured."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Callable
from typing import cast

from bench.runtime.client import Connection

_TO = re.compile(rb'"(?:to|recipient)"\s*:\s*"\+?(?:ES\.)?(\d+)"')
_LENGTH = re.compile(rb"content-length:\s*(\d+)", re.IGNORECASE)
_ANSWER = (
    b'{"messaging_product":"whatsapp","contacts":[{"input":"34600000000","wa_id":"34600000000"}],'
    b'"messages":[{"id":"wamid.%016d"}]}'
)
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"


class RawGraph:
    """Accepts every send and tells ``sent`` who was written to, by phone number."""

    def __init__(self, sent: Callable[[str], None]) -> None:
        self._sent = sent
        self._accepted = 0

    async def listen(self, port: int) -> asyncio.Server:
        return await asyncio.get_running_loop().create_server(lambda: _Caller(self), "127.0.0.1", port)

    def accept(self, body: bytes) -> bytes:
        """The whole answer to one send."""
        self._accepted += 1
        to = _TO.search(body)
        if to is not None:
            self._sent(to[1].decode())
        answer = _ANSWER % self._accepted
        return _HEAD % len(answer) + answer


class _Caller(asyncio.Protocol):
    def __init__(self, graph: RawGraph) -> None:
        self._graph = graph

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._buffer = b""

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while True:
            head, separator, rest = self._buffer.partition(b"\r\n\r\n")
            found = _LENGTH.search(head)
            if not separator or found is None or len(rest) < int(found[1]):
                return
            body, self._buffer = rest[: int(found[1])], rest[int(found[1]) :]
            self._transport.write(self._graph.accept(body))


async def capacity(graph_port: int, calls: int = 4000, connections: int = 16) -> float:
    """How many sends a second the Graph API of this process takes from a client that costs as little as itself."""
    body = b'{"to":"1","type":"text","text":{"body":"hola"}}'
    request = b"POST /v25.0/1/messages HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    requests = iter([request] * calls)
    loop, done, left = asyncio.get_running_loop(), asyncio.Event(), connections

    def finished() -> None:
        nonlocal left
        left -= 1
        if not left:
            done.set()

    began = time.perf_counter()
    for _ in range(connections):
        await loop.create_connection(lambda: Connection(requests, [], finished), "127.0.0.1", graph_port)
    await done.wait()
    return calls / (time.perf_counter() - began)

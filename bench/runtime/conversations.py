"""``python -m bench.runtime.conversations PORT GRAPH_PORT USERS MESSAGES``: users who wait for the answer.

Each writes, waits until the reply to it has reached the Graph API, and writes again. The Graph API is this process
too: raw bytes in, raw bytes out, so that it is not what is measured. Prints one JSON object.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
import uuid
from typing import cast

import uvloop

from bench.runtime.client import Connection, webhook_request

_TO = re.compile(rb'"(?:to|recipient)"\s*:\s*"\+?(?:ES\.)?(\d+)"')
_LENGTH = re.compile(rb"content-length:\s*(\d+)", re.IGNORECASE)
_ANSWER = (
    b'{"messaging_product":"whatsapp","contacts":[{"input":"34600000000","wa_id":"34600000000"}],'
    b'"messages":[{"id":"wamid.%016d"}]}'
)
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"


class Graph:
    """What all its connections share."""

    def __init__(self) -> None:
        self.answered: dict[str, asyncio.Event] = {}
        self.accepted = 0


class RawGraph(asyncio.Protocol):
    """Answers every POST with the answer to an accepted send, and tells who was written to."""

    def __init__(self, graph: Graph) -> None:
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
            self._graph.accepted += 1
            answer = _ANSWER % self._graph.accepted
            self._transport.write(_HEAD % len(answer) + answer)
            to = _TO.search(body)
            if to is not None and (event := self._graph.answered.get(to[1].decode())) is not None:
                event.set()


async def converse(port: int, graph_port: int, users: int, messages: int) -> dict[str, float]:
    loop = asyncio.get_running_loop()
    graph = Graph()
    server = await loop.create_server(lambda: RawGraph(graph), "127.0.0.1", graph_port)
    latencies: list[float] = []
    began = time.perf_counter()
    await asyncio.gather(*(_user(graph, port, number, messages // users, latencies) for number in range(users)))
    took = time.perf_counter() - began
    capacity = await _capacity(graph_port)
    server.close()
    latencies.sort()
    return {
        "per_s": len(latencies) / took,
        "p50_ms": latencies[len(latencies) // 2] * 1000,
        "p99_ms": latencies[int(len(latencies) * 0.99)] * 1000,
        "graph_capacity_per_s": capacity,
    }


async def _user(graph: Graph, port: int, number: int, messages: int, latencies: list[float]) -> None:
    phone = f"346{number:08d}"
    run = uuid.uuid4().hex[:10]
    graph.answered[phone] = answered = asyncio.Event()
    prepared = [webhook_request(f"wamid.{run}{count:08d}", phone, f"hola {count}") for count in range(messages)]
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for request in prepared:
        answered.clear()
        began = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200"), head
        length = _LENGTH.search(head)
        if length is not None:
            await reader.readexactly(int(length[1]))
        await answered.wait()
        latencies.append(time.perf_counter() - began)
    writer.close()


async def _capacity(graph_port: int, calls: int = 4000, connections: int = 16) -> float:
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


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        print(json.dumps(runner.run(converse(*(int(argument) for argument in sys.argv[1:])))), flush=True)

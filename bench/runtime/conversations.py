"""``python -m bench.runtime.conversations PORT GRAPH_PORT USERS MESSAGES``: users who wait for the answer.

Each writes, waits until the reply to it has reached the Graph API, which is this process too (``raw_graph``), and
writes again. Prints one JSON object.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
import uuid

import uvloop

from bench.runtime.client import webhook_request
from bench.runtime.raw_graph import RawGraph, capacity

_LENGTH = re.compile(rb"content-length:\s*(\d+)", re.IGNORECASE)


async def converse(port: int, graph_port: int, users: int, messages: int) -> dict[str, float]:
    answered: dict[str, asyncio.Event] = {}
    latencies: list[float] = []

    def sent(phone: str) -> None:
        if phone in answered:
            answered[phone].set()

    server = await RawGraph(sent).listen(graph_port)
    began = time.perf_counter()
    await asyncio.gather(*(_user(answered, port, number, messages // users, latencies) for number in range(users)))
    took = time.perf_counter() - began
    graph_capacity = await capacity(graph_port)
    server.close()
    latencies.sort()
    return {
        "per_s": len(latencies) / took,
        "p50_ms": latencies[len(latencies) // 2] * 1000,
        "p99_ms": latencies[int(len(latencies) * 0.99)] * 1000,
        "graph_capacity_per_s": graph_capacity,
    }


async def _user(
    everybody: dict[str, asyncio.Event], port: int, number: int, messages: int, latencies: list[float]
) -> None:
    phone = f"346{number:08d}"
    run = uuid.uuid4().hex[:10]
    everybody[phone] = answered = asyncio.Event()
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


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        print(json.dumps(runner.run(converse(*(int(argument) for argument in sys.argv[1:])))), flush=True)

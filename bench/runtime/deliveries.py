"""``python -m bench.runtime.deliveries PORT CONNECTIONS MESSAGES CONTACTS``: deliver at full speed, print what it took.

A process of its own, so that client and server have a core each. Prints one JSON object.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
import uuid

import uvloop

from bench.runtime.client import Connection, webhook_request


async def deliver(port: int, connections: int, messages: int, contacts: int) -> dict[str, float]:
    """Messages with ids that nobody has seen, from so many contacts in turn."""
    run = uuid.uuid4().hex[:12]
    prepared = [
        webhook_request(f"wamid.{run}{number:08d}", f"3460{number % contacts:07d}", "hola, buenos dias")
        for number in range(messages)
    ]
    requests, latencies = iter(prepared), list[float]()
    loop, done = asyncio.get_running_loop(), asyncio.Event()
    left = connections

    def finished() -> None:
        nonlocal left
        left -= 1
        if not left:
            done.set()

    began = time.perf_counter()
    protocols = []
    for _ in range(connections):
        _, protocol = await loop.create_connection(lambda: Connection(requests, latencies, finished), "127.0.0.1", port)
        protocols.append(protocol)
    await done.wait()
    took = time.perf_counter() - began
    latencies.sort()
    return {
        "per_s": len(latencies) / took,
        "p50_ms": latencies[len(latencies) // 2] * 1000,
        "p99_ms": latencies[int(len(latencies) * 0.99)] * 1000,
        "refused": sum(protocol.refused for protocol in protocols),
    }


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        print(json.dumps(runner.run(deliver(*(int(argument) for argument in sys.argv[1:])))))

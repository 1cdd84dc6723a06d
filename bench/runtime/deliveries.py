"""``python -m bench.runtime.deliveries PORT CONNECTIONS MESSAGES CONTACTS [GRAPH_PORT BOUND]``: deliver at full speed.

A process of its own, so that client and server have a core each. With the last two it is the Graph API as well, and
holds deliveries back while so many messages wait for their reply. Prints one JSON object.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
import uuid
from collections.abc import Callable

import uvloop

from bench.runtime.backlog import Backlog
from bench.runtime.client import Connection, at_once, webhook_request
from bench.runtime.raw_graph import RawGraph, capacity

ALL_ANSWERED_WITHIN_S = 120


async def deliver(
    port: int,
    connections: int,
    prepared: list[bytes],
    answered: Callable[[Callable[[], None]], None] = at_once,
) -> dict[str, float]:
    """As fast as they are acknowledged, and as ``answered`` lets them go."""
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
        _, protocol = await loop.create_connection(
            lambda: Connection(requests, latencies, finished, answered), "127.0.0.1", port
        )
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


async def deliver_with_turns(
    port: int, connections: int, prepared: list[bytes], graph_port: int, bound: int
) -> dict[str, float]:
    """Until each message has its reply, at most ``bound`` waiting for one."""
    backlog = Backlog(bound, len(prepared), connections)
    server = await RawGraph(backlog.answered).listen(graph_port)
    began, worked = time.perf_counter(), time.process_time()
    found = await deliver(port, connections, prepared, backlog.acknowledged)
    let_in_s = backlog.delivered()
    async with asyncio.timeout(ALL_ANSWERED_WITHIN_S):
        await backlog.all_answered.wait()
    took = time.perf_counter() - began
    generator_cores = (time.process_time() - worked) / took
    graph_capacity = await capacity(graph_port)
    server.close()
    return {
        **found,
        "per_s_let_in": len(prepared) / let_in_s,
        "turns_per_s": len(prepared) / took,
        "backlog": backlog.most,
        "generator_cores": generator_cores,
        "graph_capacity_per_s": graph_capacity,
    }


def prepare(messages: int, contacts: int) -> list[bytes]:
    """Messages with ids that nobody has seen, from so many contacts in turn."""
    run = uuid.uuid4().hex[:12]
    return [
        webhook_request(f"wamid.{run}{number:08d}", f"3460{number % contacts:07d}", "hola, buenos dias")
        for number in range(messages)
    ]


def main(port: int, connections: int, messages: int, contacts: int, *answering: int) -> dict[str, float]:
    prepared = prepare(messages, contacts)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        if not answering:
            return runner.run(deliver(port, connections, prepared))
        graph_port, bound = answering
        return runner.run(deliver_with_turns(port, connections, prepared, graph_port, bound))


if __name__ == "__main__":
    print(json.dumps(main(*(int(argument) for argument in sys.argv[1:]))), flush=True)

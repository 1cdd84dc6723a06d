"""A crowd of deliveries goes before turns and sends, and holds none of them up for good."""

from __future__ import annotations

import asyncio
import contextlib

from runtime.arrivals import CALM_AFTER_S, CROWD, DELIVERIES_A_TURN, Arrivals
from runtime.contact_lines import ContactLines
from runtime.ports.inbox_store import ContactKey
from tests.runtime.inbox.test_contact_lines import Server, eventually

CONTACTS = [ContactKey("ch", str(number)) for number in range(20)]


def crowd(arrivals: Arrivals) -> contextlib.ExitStack:
    stack = contextlib.ExitStack()
    for _ in range(CROWD):
        stack.enter_context(arrivals)
    return stack


async def rounds(number: int = 20) -> None:
    for _ in range(number):
        await asyncio.sleep(0)


async def test_a_few_deliveries_at_once_hold_nothing_up() -> None:
    arrivals, server = Arrivals(), Server()
    lines = ContactLines("test", server.serve, width=4, arrivals=arrivals)
    lines.start([])
    with contextlib.ExitStack() as stack:
        for _ in range(CROWD - 1):
            stack.enter_context(arrivals)
        lines.wake(CONTACTS)
        await rounds()
    assert (arrivals.crowded, server.served) == (False, CONTACTS)


async def test_in_a_crowd_one_contact_is_served_for_so_many_deliveries() -> None:
    arrivals, server = Arrivals(), Server()
    lines = ContactLines("test", server.serve, width=4, arrivals=arrivals)
    lines.start([])
    with crowd(arrivals):
        lines.wake(CONTACTS)
        await rounds()
        assert server.served == []
        for turn in (1, 2, 3):
            while len(server.served) < turn:
                with arrivals:
                    pass
                await rounds(3)
        deliveries = 0
        while len(server.served) < 4:
            with arrivals:
                deliveries += 1
            await rounds(3)
        assert deliveries == DELIVERIES_A_TURN
    await lines.stop(1)


async def test_what_was_begun_before_the_crowd_goes_on_in_it() -> None:
    arrivals, server = Arrivals(), Server()
    lines = ContactLines("test", server.serve, width=4, arrivals=arrivals)
    server.gate.clear()
    lines.start(CONTACTS[:2])
    await rounds()
    with crowd(arrivals):
        server.gate.set()
        await rounds()
        assert (server.served, server.at_once) == (CONTACTS[:2], 0)
    await lines.stop(1)


async def test_when_the_crowd_is_over_everybody_is_served_by_as_many_workers_as_ever() -> None:
    arrivals, server = Arrivals(), Server()
    lines = ContactLines("test", server.serve, width=4, arrivals=arrivals)
    lines.start([])
    server.gate.clear()
    with crowd(arrivals):
        lines.wake(CONTACTS)
        await rounds()
    assert server.served == []
    await eventually(lambda: server.at_once == 4)
    server.gate.set()
    await eventually(lambda: server.served == CONTACTS)
    assert (arrivals.crowded, server.most_at_once) == (False, 4)


async def test_a_commit_that_answers_everybody_does_not_end_a_crowd() -> None:
    arrivals = Arrivals()
    with crowd(arrivals):
        pass
    assert arrivals.crowded
    await asyncio.sleep(CALM_AFTER_S / 2)
    with crowd(arrivals):
        pass
    await asyncio.sleep(CALM_AFTER_S * 0.75)
    assert arrivals.crowded
    await eventually(lambda: not arrivals.crowded)

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from runtime.contact_lines import ContactLines
from runtime.ports.inbox_store import ContactKey

A, B, C = (ContactKey("ch", name) for name in "abc")


class Server:
    """Serves what it is told to: per call an answer, a fault, or a wait."""

    def __init__(self, *answers: float | Exception | None) -> None:
        self.answers = list(answers)
        self.served: list[ContactKey] = []
        self.at_once = 0
        self.most_at_once = 0
        self.gate = asyncio.Event()
        self.gate.set()

    async def serve(self, contact: ContactKey) -> float | None:
        self.served.append(contact)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await self.gate.wait()
        finally:
            self.at_once -= 1
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, Exception):
            raise answer
        return answer


async def eventually(holds: Callable[[], bool], pause: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
    for _ in range(500):
        if holds():
            return
        await pause(0.002)
    raise AssertionError("it never came to hold")


async def test_a_contact_woken_while_it_is_served_is_served_again_although_its_line_looked_empty() -> None:
    server = Server()
    lines = ContactLines("test", server.serve, width=4)
    lines.start([A])
    server.gate.clear()
    await eventually(lambda: server.served == [A])
    lines.wake([A, A])
    server.gate.set()
    await eventually(lambda: server.served == [A, A])
    assert server.most_at_once == 1
    assert await lines.stop(1)


async def test_a_line_that_asks_for_a_pause_is_served_after_it_and_a_wake_shortens_it() -> None:
    server = Server(0.02, 3600)
    lines = ContactLines("test", server.serve, width=4)
    lines.start([A])
    await eventually(lambda: len(server.served) == 2)
    await asyncio.sleep(0.01)
    assert len(server.served) == 2
    lines.wake([A])
    await eventually(lambda: len(server.served) == 3)
    assert await lines.stop(1)


async def test_no_more_contacts_are_served_at_once_than_the_width() -> None:
    server = Server()
    server.gate.clear()
    lines = ContactLines("test", server.serve, width=2)
    lines.start([A, B, C])
    await eventually(lambda: len(server.served) == 2)
    await asyncio.sleep(0.01)
    assert server.served == [A, B]
    server.gate.set()
    await eventually(lambda: server.served == [A, B, C])
    assert await lines.stop(1)


async def test_a_defect_while_serving_one_contact_stops_neither_it_nor_others() -> None:
    server = Server(ValueError("defect"), None)
    lines = ContactLines("test", server.serve, width=1)
    lines.start([A, B])
    await eventually(lambda: server.served == [A, B])
    lines.wake([A])
    await eventually(lambda: server.served == [A, B, A])
    assert await lines.stop(1)


async def test_before_the_start_and_after_the_stop_nobody_is_served() -> None:
    server = Server(0.01)
    lines = ContactLines("test", server.serve, width=1)
    lines.wake([A])
    await asyncio.sleep(0.005)
    assert server.served == []
    lines.start([B])
    await eventually(lambda: server.served == [B])
    assert await lines.stop(1)
    lines.wake([C])
    await asyncio.sleep(0.03)
    assert server.served == [B]


async def test_no_task_and_no_timer_is_left_while_all_lines_are_empty() -> None:
    server = Server()
    lines = ContactLines("test", server.serve, width=8)
    lines.start([A, B])
    await eventually(lambda: len(server.served) == 2)
    await asyncio.sleep(0)
    assert len(asyncio.all_tasks()) == 1
    assert await lines.stop(1)


async def test_a_contact_that_wakes_in_the_moment_the_only_worker_ends_is_served() -> None:
    served: list[ContactKey] = []
    first, second = ContactKey("c", "first"), ContactKey("c", "second")

    async def serve(contact: ContactKey) -> float | None:
        served.append(contact)
        if contact == first:
            asyncio.get_running_loop().call_soon(lines.wake, (second,))  # runs before anything told of the task's end
        return None

    lines = ContactLines("test", serve, width=1)
    lines.start((first,))
    for _ in range(5):
        await asyncio.sleep(0)
    await lines.stop(1)
    assert served == [first, second]


class Gates:
    """Serves each contact until its own gate is opened."""

    def __init__(self) -> None:
        self.begun: list[ContactKey] = []
        self.gates = {contact: asyncio.Event() for contact in (A, B, C)}

    async def serve(self, contact: ContactKey) -> float | None:
        self.begun.append(contact)
        await self.gates[contact].wait()
        return None

    async def end(self, contact: ContactKey) -> None:
        """Open a contact's gate, and return when whatever that lets begin has begun."""
        self.gates[contact].set()
        for _ in range(10):
            await asyncio.sleep(0)


@pytest.mark.parametrize(
    "names",
    [
        pytest.param([(A, B), (B, C)], id="two that became one, and then another"),
        pytest.param([(A, C), (B, C)], id="two that became a third one"),
        pytest.param([(A, B), (B, A), (A, C)], id="one that went back and forth"),
    ],
)
@pytest.mark.parametrize("ends", [(A, B), (B, A)])
async def test_who_took_over_from_two_that_are_served_waits_for_both(
    names: list[tuple[ContactKey, ContactKey]], ends: tuple[ContactKey, ContactKey]
) -> None:
    server = Gates()
    lines = ContactLines("test", server.serve, width=4)
    lines.start([A, B])
    await eventually(lambda: server.begun == [A, B])
    server.gates[C].set()
    for previous, current in names:
        lines.take_over(previous, current)
    first, last = ends
    await server.end(first)
    assert C not in server.begun
    await server.end(last)
    assert C in server.begun
    assert not lines._behind  # kept for nobody
    assert await lines.stop(1)


async def test_who_gets_an_id_back_that_is_served_does_not_wait_for_itself() -> None:
    server = Gates()
    lines = ContactLines("test", server.serve, width=4)
    lines.start([A])
    await eventually(lambda: server.begun == [A])
    lines.take_over(A, B)
    lines.take_over(B, A)
    assert A not in lines._behind
    server.gates[B].set()
    await server.end(A)
    assert server.begun == [A, A, B]
    assert not lines._behind
    assert await lines.stop(1)

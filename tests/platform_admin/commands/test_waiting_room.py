from __future__ import annotations

import asyncio

import pytest

from platform_admin.commands.waiting_room import WaitingRoom


class Queue:
    """Counts how often it is looked at."""

    def __init__(self) -> None:
        self.tenants: frozenset[int] = frozenset()
        self.looks = 0

    async def look(self) -> frozenset[int]:
        self.looks += 1
        await asyncio.sleep(0)
        return self.tenants


async def test_what_is_there_is_found_without_waiting() -> None:
    queue = Queue()
    queue.tenants = frozenset({1})
    assert await WaitingRoom(queue.look).wait_for(1, seconds=0) is True


async def test_nothing_for_a_tenant_is_no_after_the_time() -> None:
    queue = Queue()
    queue.tenants = frozenset({1})
    assert await WaitingRoom(queue.look, every_s=0.01).wait_for(2, seconds=0.03) is False


async def test_a_hundred_waiting_runtimes_cost_the_looks_of_one() -> None:
    queue = Queue()
    room = WaitingRoom(queue.look, every_s=3600)
    waiting = [asyncio.create_task(room.wait_for(tenant, seconds=0)) for tenant in range(100)]
    assert await asyncio.gather(*waiting) == [False] * 100
    assert queue.looks == 1


async def test_one_who_leaves_during_the_look_does_not_leave_the_others_waiting() -> None:
    queue = Queue()
    room = WaitingRoom(queue.look, every_s=0.01)
    gone = asyncio.create_task(room.wait_for(1, seconds=60))
    await asyncio.sleep(0)  # it looks now
    stays = asyncio.create_task(room.wait_for(1, seconds=60))
    gone.cancel()
    with pytest.raises(asyncio.CancelledError):
        await gone
    queue.tenants = frozenset({1})
    assert await asyncio.wait_for(stays, timeout=10) is True

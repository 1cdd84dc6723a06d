from __future__ import annotations

import asyncio

import pytest

from runtime.web.begun import Finished, begun


async def test_what_does_not_wait_is_finished_at_once() -> None:
    async def ready() -> str:
        return "here"

    assert begun(ready()) == Finished("here")


async def test_what_waits_goes_on_where_it_stopped() -> None:
    steps: list[str] = []
    gate, second = asyncio.Event(), asyncio.Event()

    async def waits() -> str:
        steps.append("began")
        await gate.wait()
        steps.append("went on")
        await second.wait()
        return "late"

    started = begun(waits())
    assert not isinstance(started, Finished)
    assert steps == ["began"]
    loop = asyncio.get_running_loop()
    loop.call_soon(gate.set)
    loop.call_later(0.001, second.set)
    assert await started == "late"
    assert steps == ["began", "went on"]


async def test_a_fault_before_waiting_is_raised_at_once() -> None:
    async def fails() -> None:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        begun(fails())


async def test_a_deadline_reaches_what_is_waited_for() -> None:
    told: list[str] = []

    async def never() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            told.append("cancelled")
            raise

    started = begun(never())
    assert not isinstance(started, Finished)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await started
    assert told == ["cancelled"]


async def test_what_it_makes_of_a_fault_is_its_answer() -> None:
    broken: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def mends() -> str:
        try:
            await broken
        except ValueError:
            return "mended"
        return "whole"

    started = begun(mends())
    assert not isinstance(started, Finished)
    asyncio.get_running_loop().call_soon(broken.set_exception, ValueError("x"))
    assert await started == "mended"

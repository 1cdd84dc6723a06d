"""Places for calls: order, refusal, and that nothing leaks when a caller gives up."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest

from connectors.clock import ManualClock
from connectors.errors import OverloadedError, RateLimitedError
from connectors.kernel.bulkhead import Bulkhead
from connectors.kernel.circuit_breaker import BreakerState
from connectors.kernel.pipeline import Pipeline
from connectors.kernel.policy import BreakerPolicy, BulkheadPolicy, CallPolicy
from connectors.operation import Access


async def _settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_the_places_go_to_those_who_wait_in_order() -> None:
    bulkhead, served = Bulkhead("shop", BulkheadPolicy(max_concurrent=1, max_waiting=10)), []

    async def visit(name: str) -> None:
        await bulkhead.enter()
        served.append(name)

    await visit("first")
    waiting = [asyncio.create_task(visit(name)) for name in ("second", "third")]
    await _settle()
    assert served == ["first"]
    bulkhead.leave()
    await _settle()
    assert served == ["first", "second"]
    bulkhead.leave()
    await asyncio.gather(*waiting)
    assert served == ["first", "second", "third"]
    bulkhead.leave()
    assert bulkhead.used == 0


async def test_too_many_are_told_at_once_and_are_not_repeated() -> None:
    bulkhead = Bulkhead("shop", BulkheadPolicy(max_concurrent=1, max_waiting=0))
    await bulkhead.enter()
    with pytest.raises(OverloadedError, match="shop has 1 calls under way and 0 waiting") as refused:
        await bulkhead.enter()
    assert isinstance(refused.value, RateLimitedError)
    assert not refused.value.retryable
    assert bulkhead.used == 1


async def test_who_gives_up_while_waiting_holds_no_place() -> None:
    bulkhead = Bulkhead("shop", BulkheadPolicy(max_concurrent=1, max_waiting=5))
    await bulkhead.enter()
    waiting = asyncio.create_task(bulkhead.enter())
    await _settle()
    waiting.cancel()
    await asyncio.gather(waiting, return_exceptions=True)
    bulkhead.leave()
    assert bulkhead.used == 0


async def test_a_place_that_is_handed_over_to_someone_just_leaving_is_not_lost() -> None:
    bulkhead = Bulkhead("shop", BulkheadPolicy(max_concurrent=1, max_waiting=5))
    await bulkhead.enter()
    waiting = asyncio.create_task(bulkhead.enter())
    await _settle()
    bulkhead.leave()  # the place is theirs now
    waiting.cancel()  # and in the same moment they go
    await asyncio.gather(waiting, return_exceptions=True)
    assert bulkhead.used == 0


async def test_a_place_that_comes_free_as_someone_gives_up_goes_to_the_next() -> None:
    bulkhead = Bulkhead("shop", BulkheadPolicy(max_concurrent=1, max_waiting=5))
    await bulkhead.enter()
    first, second = asyncio.create_task(bulkhead.enter()), asyncio.create_task(bulkhead.enter())
    await _settle()
    first.cancel()
    bulkhead.leave()
    ended = await asyncio.gather(first, second, return_exceptions=True)
    assert [type(result) for result in ended] == [asyncio.CancelledError, type(None)]
    assert bulkhead.used == 1
    bulkhead.leave()
    assert bulkhead.used == 0


async def test_waiting_too_long_for_a_place_is_our_crowd_and_not_their_failure() -> None:
    policy = CallPolicy(
        deadline_s=5.0,
        attempt_timeout_s=0.02,
        breaker=BreakerPolicy(min_calls=1, failure_pct=1.0),
        bulkhead=BulkheadPolicy(max_concurrent=1, max_waiting=5),
    )
    pipeline = Pipeline("shop", policy, ManualClock(datetime(2026, 11, 24, tzinfo=UTC)))
    await pipeline.bulkhead.enter()
    with pytest.raises(OverloadedError, match="no place free"):
        await pipeline.run("find", Access.READS, "k", _never)
    assert pipeline.breaker.state is BreakerState.CLOSED
    pipeline.bulkhead.leave()
    assert pipeline.bulkhead.used == 0


async def test_a_call_gives_its_place_back_however_it_ends() -> None:
    pipeline = Pipeline("shop", CallPolicy(), ManualClock(datetime(2026, 11, 24, tzinfo=UTC)))
    for outcome in (None, ValueError("defect"), RateLimitedError("later", retry_after_s=99)):
        await asyncio.gather(pipeline.run("find", Access.READS, "k", _ends(outcome)), return_exceptions=True)
        assert pipeline.bulkhead.used == 0
    hanging = asyncio.create_task(pipeline.run("find", Access.READS, "k", _never))
    await _settle()
    assert pipeline.bulkhead.used == 1
    hanging.cancel()
    await asyncio.gather(hanging, return_exceptions=True)
    assert pipeline.bulkhead.used == 0


async def _never() -> None:
    await asyncio.Event().wait()


def _ends(outcome: Exception | None) -> Callable[[], Awaitable[None]]:
    async def call() -> None:
        if outcome is not None:
            raise outcome

    return call

"""The order around a call, on a clock that only moves when told."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import pytest

from connectors.clock import ManualClock
from connectors.errors import (
    AdapterFaultError,
    CircuitOpenError,
    ConflictError,
    ConnectorError,
    RateLimitedError,
    RejectedError,
    TimedOutError,
    UnauthorizedError,
    UnavailableError,
)
from connectors.kernel.circuit_breaker import BreakerState, Trigger
from connectors.kernel.pipeline import CallReport, Pipeline, log_call
from connectors.kernel.policy import BreakerPolicy, CallPolicy, RetryPolicy
from connectors.kernel.redaction import Redactor
from connectors.operation import Access

_TRIPS_AFTER_TWO = BreakerPolicy(min_calls=2, failure_pct=100.0, slow_s=1000.0)
_STAYS_CLOSED = BreakerPolicy(min_calls=1000, slow_s=1000.0)


class Provider:
    """Answers a script: an exception is raised, ``hang`` never returns, anything else is the result."""

    def __init__(self, *script: object) -> None:
        self._script = list(script)
        self.attempts = 0

    async def __call__(self) -> object:
        self.attempts += 1
        outcome = self._script.pop(0) if len(self._script) > 1 else self._script[0]
        if isinstance(outcome, BaseException):
            raise outcome
        if outcome == "hang":
            await asyncio.Event().wait()
        return outcome


class Bench:
    """A pipeline with everything around it within reach."""

    def __init__(self, policy: CallPolicy | None = None, secrets: tuple[str, ...] = ()) -> None:
        self.clock = ManualClock(datetime(2026, 11, 24, 9, tzinfo=UTC))
        self.reports: list[CallReport] = []
        self.pipeline = Pipeline(
            "calendar",
            policy or CallPolicy(breaker=_STAYS_CLOSED),
            self.clock,
            redact=Redactor(secrets),
            observers=(self.reports.append, log_call),
        )

    async def call(
        self, provider: Callable[[], Awaitable[object]], *, access: Access = Access.READS, key: str = "k1"
    ) -> object:
        return await self.pipeline.run("get_services", access, key, provider)


async def test_a_call_that_succeeds_is_made_once_and_reported_once() -> None:
    bench, provider = Bench(), Provider("fine")
    assert await bench.call(provider) == "fine"
    assert provider.attempts == 1
    assert bench.clock.sleeps == []
    assert bench.reports == [CallReport("calendar", "get_services", "ok", 1, 0.0, BreakerState.CLOSED, "")]


@pytest.mark.parametrize("error", [TimedOutError("slow"), UnavailableError("down"), RateLimitedError("busy")])
async def test_what_may_pass_is_tried_again(error: ConnectorError) -> None:
    bench, provider = Bench(), Provider(error, "fine")
    assert await bench.call(provider) == "fine"
    assert provider.attempts == 2
    assert bench.reports[0].attempts == 2


@pytest.mark.parametrize("error", [RejectedError("bad"), ConflictError("taken"), UnauthorizedError("no")])
async def test_what_cannot_pass_is_tried_once_and_leaves_the_breaker_alone(error: ConnectorError) -> None:
    bench, provider = Bench(CallPolicy(breaker=_TRIPS_AFTER_TWO)), Provider(error)
    for _ in range(3):
        with pytest.raises(type(error)):
            await bench.call(provider)
    assert provider.attempts == 3
    assert bench.pipeline.breaker.state is BreakerState.CLOSED
    assert bench.pipeline.breaker.figures().rates.calls == 0


async def test_the_last_error_is_the_one_that_leaves() -> None:
    bench, provider = Bench(), Provider(UnavailableError("first"), TimedOutError("second"), UnavailableError("third"))
    with pytest.raises(UnavailableError, match="third"):
        await bench.call(provider)
    assert provider.attempts == 3
    assert bench.reports[0].outcome == "unavailable"
    assert bench.reports[0].detail == "third"


async def test_a_write_is_repeated_only_under_an_idempotency_key() -> None:
    bench = Bench()
    keyed, unkeyed, reading = (Provider(UnavailableError("down"), "fine") for _ in range(3))
    assert await bench.call(keyed, access=Access.WRITES, key="conversation:1:0") == "fine"
    with pytest.raises(UnavailableError):
        await bench.call(unkeyed, access=Access.WRITES, key="")
    assert await bench.call(reading, access=Access.READS, key="") == "fine"
    assert (keyed.attempts, unkeyed.attempts, reading.attempts) == (2, 1, 2)


async def test_waits_are_drawn_between_zero_and_a_ceiling_that_doubles() -> None:
    retry = RetryPolicy(attempts=5, base_wait_s=1.0, max_wait_s=4.0)
    waits: list[list[float]] = []
    for _ in range(200):
        bench = Bench(CallPolicy(deadline_s=100.0, retry=retry, breaker=_STAYS_CLOSED))
        with pytest.raises(UnavailableError):
            await bench.call(Provider(UnavailableError("down")))
        waits.append(bench.clock.sleeps)
    for position, ceiling in enumerate([1.0, 2.0, 4.0, 4.0]):
        drawn = [sleeps[position] for sleeps in waits]
        assert all(0.0 <= wait <= ceiling for wait in drawn)
        assert max(drawn) > ceiling / 2 > min(drawn)


async def test_what_the_other_side_asks_for_is_waited() -> None:
    bench = Bench()
    assert await bench.call(Provider(RateLimitedError("busy", retry_after_s=4.0), "fine")) == "fine"
    assert bench.clock.sleeps == [4.0]


async def test_a_longer_wait_than_a_customer_bears_ends_the_call_at_once() -> None:
    bench, provider = Bench(), Provider(RateLimitedError("busy", retry_after_s=6.0), "fine")
    with pytest.raises(RateLimitedError):
        await bench.call(provider)
    assert provider.attempts == 1
    assert bench.clock.sleeps == []


async def test_no_wait_outlasts_the_deadline() -> None:
    policy = CallPolicy(deadline_s=7.0, retry=RetryPolicy(attempts=5), breaker=_STAYS_CLOSED)
    bench, provider = Bench(policy), Provider(RateLimitedError("busy", retry_after_s=5.0))
    with pytest.raises(RateLimitedError):
        await bench.call(provider)
    assert bench.clock.sleeps == [5.0]
    assert provider.attempts == 2


async def test_a_hanging_attempt_is_cut_off_and_counts_as_a_failure() -> None:
    policy = CallPolicy(attempt_timeout_s=0.01, retry=RetryPolicy(attempts=2), breaker=_TRIPS_AFTER_TWO)
    bench, provider = Bench(policy), Provider("hang")
    with pytest.raises(TimedOutError):
        await bench.call(provider)
    assert provider.attempts == 2
    assert bench.pipeline.breaker.state is BreakerState.OPEN


async def test_an_attempt_gets_no_more_time_than_the_deadline_leaves() -> None:
    bench = Bench(CallPolicy(deadline_s=0.01, attempt_timeout_s=600.0, breaker=_STAYS_CLOSED))
    with pytest.raises(TimedOutError):
        await bench.call(Provider("hang"))


async def test_an_open_breaker_refuses_without_calling_and_says_when_to_come_back() -> None:
    bench = Bench(CallPolicy(retry=RetryPolicy(attempts=1), breaker=_TRIPS_AFTER_TWO))
    provider = Provider(UnavailableError("down"))
    for _ in range(2):
        with pytest.raises(UnavailableError):
            await bench.call(provider)
    with pytest.raises(CircuitOpenError) as refused:
        await bench.call(provider)
    assert provider.attempts == 2
    assert refused.value.retry_after_s == 10.0
    assert refused.value.kind == "unavailable"


async def test_retrying_ends_where_the_breaker_opens() -> None:
    bench = Bench(CallPolicy(retry=RetryPolicy(attempts=5), breaker=_TRIPS_AFTER_TWO))
    provider = Provider(UnavailableError("down"))
    with pytest.raises(CircuitOpenError):
        await bench.call(provider)
    assert provider.attempts == 2


async def test_a_breaker_comes_back_by_its_probes() -> None:
    bench = Bench(CallPolicy(retry=RetryPolicy(attempts=1), breaker=_TRIPS_AFTER_TWO))
    provider = Provider(UnavailableError("down"), UnavailableError("down"), "fine")
    for _ in range(2):
        with pytest.raises(UnavailableError):
            await bench.call(provider)
    bench.clock.advance(10.0)
    assert await bench.call(provider) == "fine"
    assert await bench.call(provider) == "fine"
    assert [report.breaker for report in bench.reports[-2:]] == [BreakerState.HALF_OPEN, BreakerState.CLOSED]


async def test_a_defect_of_an_adapter_leaves_as_one_of_our_errors_without_its_message() -> None:
    bench, provider = Bench(), Provider(ZeroDivisionError("key sk-live-1"))
    with pytest.raises(AdapterFaultError) as fault:
        await bench.call(provider)
    assert provider.attempts == 1
    assert str(fault.value).startswith("calendar raised ZeroDivisionError in test_pipeline.py:")
    assert "sk-live" not in str(fault.value)
    assert isinstance(fault.value.__cause__, ZeroDivisionError)
    assert bench.pipeline.breaker.figures().rates.failed == 1


async def test_cancelling_a_call_gives_the_probe_back_and_is_reported() -> None:
    bench = Bench(CallPolicy(breaker=BreakerPolicy(half_open_permits=1)))
    _open_and_wait(bench)
    task = asyncio.create_task(bench.call(Provider("hang")))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert bench.reports[-1].outcome == "cancelled"
    assert await bench.call(Provider("fine")) == "fine"


async def test_what_is_no_ordinary_exception_counts_and_passes_on() -> None:
    class Stop(BaseException):
        pass

    bench = Bench()
    with pytest.raises(Stop):
        await bench.call(Provider(Stop()))
    assert bench.pipeline.breaker.figures().rates.failed == 1


async def test_calls_at_the_same_time_do_not_share_their_attempts() -> None:
    bench = Bench()
    providers = [Provider(UnavailableError("down"), number) for number in range(20)]
    assert await asyncio.gather(*(bench.call(provider) for provider in providers)) == list(range(20))
    assert [report.attempts for report in bench.reports] == [2] * 20


async def test_the_log_line_tells_the_outcome_and_no_secret(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "connectors.pipeline")
    bench = Bench(CallPolicy(retry=RetryPolicy(attempts=1)), secrets=("sk-live-abc",))
    with pytest.raises(UnavailableError):
        await bench.call(Provider(UnavailableError("refused sk-live-abc for 34600111222\nINFO forged")))
    assert [record.getMessage() for record in caplog.records] == [
        (
            "connector_call connector=calendar operation=get_services outcome=unavailable attempts=1 duration_ms=0.0"
            " breaker=closed detail=refused ••• for ••• INFO forged"
        )
    ]
    assert caplog.records[0].levelno == logging.WARNING


async def test_a_taken_slot_is_no_warning(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "connectors.pipeline")
    with pytest.raises(ConflictError):
        await Bench().call(Provider(ConflictError("the time is taken")))
    assert [record.levelno for record in caplog.records] == [logging.INFO]


def _open_and_wait(bench: Bench) -> None:
    bench.pipeline.breaker.operate(Trigger.OPEN)
    bench.clock.advance(60.0)

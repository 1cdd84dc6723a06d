"""Plays a breaker scenario: a list of steps as data against a real ``CircuitBreaker`` on a manual clock."""

from __future__ import annotations

import math
import threading
from datetime import UTC, datetime
from typing import Any

from connectors.clock import ManualClock
from connectors.kernel.call_window import CountWindow
from connectors.kernel.circuit_breaker import (
    BreakerState,
    CircuitBreaker,
    IllegalTransitionError,
    Permit,
    Trigger,
)
from connectors.kernel.policy import BreakerPolicy, WindowKind

_OPERATOR = {
    "open": Trigger.OPEN,
    "half_open": Trigger.PROBE,
    "forced_open": Trigger.FORCE_OPEN,
    "disabled": Trigger.DISABLE,
}


def policy_from(config: dict[str, Any]) -> BreakerPolicy:
    """The scenario's words as our policy; a word we do not know is an error, never skipped."""
    config = dict(config)
    config.pop("ignored", None)
    config.pop("metrics_only", None)
    permits = config.pop("half_open_permits", 1)
    # Closing after N successful probes is what N permits mean here; the scenarios never ask for fewer.
    assert config.pop("half_open_close_after_successes", permits) == permits
    if config.pop("kind", None) == "consecutive":
        trip = config.pop("trip_consecutive")
        window = {"window": WindowKind.COUNT, "window_size": trip, "min_calls": trip, "failure_pct": 100.0}
    else:
        window = {"window": WindowKind(config.pop("window"))}
        window["window_s"] = config.pop("window_s", None) or config.pop("interval_s", 60.0)
        for name in ("window_size", "min_calls", "failure_pct"):
            if name in config:
                window[name] = config.pop(name)
    policy = BreakerPolicy(
        **window,
        half_open_permits=permits,
        half_open_first_failure_opens=config.pop("half_open_first_failure_opens", False),
        slow_s=config.pop("slow_s", math.inf),
        slow_pct=config.pop("slow_pct", 100.0),
        open_wait_s=config.pop("open_wait_s", 10.0),
        open_wait_multiplier=config.pop("open_wait_multiplier", 1.0),
        open_wait_max_s=math.inf,
        max_half_open_s=config.pop("max_half_open_s", None),
        half_open_timeout_opens=config.pop("half_open_timeout_to", "open") == "open",
    )
    assert not config, f"unknown in the scenario's configuration: {sorted(config)}"
    return policy


class BreakerScript:
    """One scenario. ``play`` raises ``AssertionError`` naming the step that does not hold."""

    def __init__(self, config: dict[str, Any]) -> None:
        self._policy = policy_from(config)
        self._clock = ManualClock(datetime(2026, 1, 1, tzinfo=UTC))
        self._breaker = CircuitBreaker(self._policy, self._clock.monotonic)
        self._held: list[Permit] = []
        self._named: dict[str, Permit] = {}
        self._entered: list[BreakerState] = []

    def play(self, steps: list[list[Any]]) -> None:
        for number, (verb, *arguments) in enumerate(steps):
            step: Any = getattr(self, f"_{verb}")
            try:
                step(*arguments)
            except AssertionError as error:
                raise AssertionError(f"step {number} {[verb, *arguments]}: {error}") from error

    def _ok(self, duration_s: float) -> None:
        self._breaker.succeeded(self._permit(), duration_s)

    def _fail(self, duration_s: float) -> None:
        self._breaker.failed(self._permit(), duration_s)

    def _ignored(self) -> None:
        self._breaker.ignored(self._permit())

    _release = _ignored

    def _permit(self) -> Permit:
        """The permit this result belongs to; where the breaker refuses, the latest there could be."""
        if self._held:
            return self._held.pop()
        return self._breaker.acquire() or Permit(self._breaker._generation)

    def _acquire(self, expected: bool) -> None:
        permit = self._breaker.acquire()
        assert (permit is not None) is expected
        if permit is not None:
            self._held.append(permit)

    def _call(self, outcome: str) -> None:
        permit = self._breaker.acquire()
        if permit is not None:
            self._finish(permit, outcome)

    def _begin(self, name: str) -> None:
        permit = self._breaker.acquire()
        assert permit is not None
        self._named[name] = permit

    def _end(self, name: str, outcome: str) -> None:
        self._finish(self._named.pop(name), outcome)

    def _finish(self, permit: Permit, outcome: str) -> None:
        match outcome:
            case "ok":
                self._breaker.succeeded(permit, 0)
            case "fail" | "raise_base_exception":  # the pipeline counts both; its own tests show that
                self._breaker.failed(permit, 0)
            case "ignored":
                self._breaker.ignored(permit)
            case _:
                raise ValueError(outcome)

    def _parallel(self, workers: int, calls: int, outcomes: list[str]) -> None:
        seen = threading.Lock()
        start = threading.Barrier(workers)

        def work() -> None:
            start.wait()
            for index in range(calls):
                permit = self._breaker.acquire()
                if permit is None:
                    continue
                with seen:
                    self._entered.append(self._breaker.state)
                self._finish(permit, outcomes[index % len(outcomes)])

        threads = [threading.Thread(target=work) for _ in range(workers)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _advance(self, seconds: float) -> None:
        self._clock.advance(seconds)

    def _force(self, state: str) -> None:
        self._breaker.operate(_OPERATOR[state])

    def _force_open_for(self, seconds: float) -> None:
        self._breaker.operate(Trigger.OPEN, open_for_s=seconds)

    def _force_raises(self, state: str) -> None:
        try:
            self._breaker.operate(_OPERATOR[state])
        except IllegalTransitionError:
            return
        raise AssertionError("the change was allowed")

    def _reset(self) -> None:
        self._breaker.operate(Trigger.RESET)

    def _state(self, expected: str) -> None:
        assert self._breaker.state.value == expected

    def _transitions_to(self, state: str, times: int) -> None:
        """How many calls were let through in ``state``: each trial call is one."""
        assert self._entered.count(BreakerState(state)) == times

    def _buffered(self, expected: int) -> None:
        assert self._breaker.figures().rates.calls == expected

    def _failed(self, expected: int) -> None:
        assert self._breaker.figures().rates.failed == expected

    def _slow(self, expected: int) -> None:
        assert self._breaker.figures().rates.slow == expected

    def _rate(self, expected: float) -> None:
        rates = self._breaker.figures().rates
        assert (rates.failure_pct if rates.calls >= self._policy.min_calls else -1) == expected

    def _slow_rate(self, expected: float) -> None:
        assert self._breaker.figures().rates.slow_pct == expected

    def _requests(self, expected: int) -> None:
        assert self._breaker.figures().requests == expected

    def _not_permitted(self, expected: int) -> None:
        assert self._breaker.figures().refused == expected

    def _retry_after(self, expected: float) -> None:
        left = self._breaker.retry_after_s()
        assert left is not None
        assert math.isclose(left, expected)

    def _retry_after_set(self, expected: bool) -> None:
        assert (self._breaker.retry_after_s() is not None) is expected


class MetricsScript(BreakerScript):
    """A scenario about the window's figures alone: no state follows from them."""

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__(config)
        self._window = CountWindow(config["window_size"])

    def _ok(self, duration_s: float) -> None:
        self._window.record(0.0, failed=False, slow=False)

    def _fail(self, duration_s: float) -> None:
        self._window.record(0.0, failed=True, slow=False)

    def _buffered(self, expected: int) -> None:
        assert self._window.rates(0.0).calls == expected

    def _failed(self, expected: int) -> None:
        assert self._window.rates(0.0).failed == expected

    def _rate(self, expected: float) -> None:
        rates = self._window.rates(0.0)
        assert (rates.failure_pct if rates.calls >= self._policy.min_calls else -1) == expected

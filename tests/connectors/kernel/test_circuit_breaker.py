"""What the public scenarios leave open: the table itself, and what each operator's word does."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest

from connectors.clock import ManualClock
from connectors.kernel.circuit_breaker import (
    TRANSITIONS,
    BreakerState,
    CircuitBreaker,
    IllegalTransitionError,
    Permit,
    Trigger,
)
from connectors.kernel.policy import BreakerPolicy, WindowKind
from tests.connectors.kernel.breaker_script import BreakerScript

_OPERATOR = (Trigger.OPEN, Trigger.PROBE, Trigger.FORCE_OPEN, Trigger.DISABLE, Trigger.RESET)

_TIME = {"window": "time", "window_s": 10, "min_calls": 2, "failure_pct": 100, "open_wait_s": 5}

_SCRIPTS: dict[str, tuple[dict[str, Any], list[list[Any]]]] = {
    "failures that left the time window no longer count": (
        _TIME,
        [
            ["fail", 0],
            ["advance", 11],
            ["fail", 0],
            ["state", "closed"],
            ["buffered", 1],
            ["fail", 0],
            ["state", "open"],
        ],
    ),
    "a time window forgets tenth by tenth": (
        _TIME | {"min_calls": 9},
        [["fail", 0], ["advance", 5], ["fail", 0], ["advance", 5], ["buffered", 1], ["advance", 5], ["buffered", 0]],
    ),
    "a success between failures keeps a count window from tripping": (
        {"window": "count", "window_size": 2, "min_calls": 2, "failure_pct": 100},
        [["fail", 0], ["ok", 0], ["fail", 0], ["state", "closed"], ["fail", 0], ["state", "open"]],
    ),
    "waits grow with each opening in a row and start over after a recovery": (
        _TIME | {"open_wait_multiplier": 2, "half_open_first_failure_opens": True},
        [
            ["force", "open"],
            ["retry_after", 5],
            ["advance", 5],
            ["fail", 0],
            ["retry_after", 10],
            ["advance", 10],
            ["ok", 0],
            ["state", "closed"],
            ["force", "open"],
            ["retry_after", 5],
        ],
    ),
    "a slow success counts against the other side": (
        _TIME | {"slow_s": 2, "slow_pct": 50},
        [["ok", 2], ["ok", 0], ["state", "open"]],
    ),
    "a result from before the opening does not close what is being probed": (
        _TIME,
        [
            ["begin", "early"],
            ["force", "open"],
            ["advance", 5],
            ["state", "half_open"],
            ["end", "early", "ok"],
            ["state", "half_open"],
            ["buffered", 0],
        ],
    ),
    "an ignored result from before the opening gives no extra probe": (
        _TIME,
        [
            ["begin", "early"],
            ["force", "open"],
            ["advance", 5],
            ["acquire", True],
            ["end", "early", "ignored"],
            ["acquire", False],
        ],
    ),
}


@pytest.mark.parametrize(("config", "steps"), _SCRIPTS.values(), ids=_SCRIPTS.keys())
def test_the_breaker_follows_the_script(config: dict[str, Any], steps: list[list[Any]]) -> None:
    BreakerScript(config).play(steps)


def _breaker_in(state: BreakerState) -> CircuitBreaker:
    breaker = CircuitBreaker(BreakerPolicy(), ManualClock(datetime(2026, 1, 1, tzinfo=UTC)).monotonic)
    way = {
        BreakerState.CLOSED: [],
        BreakerState.OPEN: [Trigger.OPEN],
        BreakerState.HALF_OPEN: [Trigger.OPEN, Trigger.PROBE],
        BreakerState.DISABLED: [Trigger.DISABLE],
        BreakerState.FORCED_OPEN: [Trigger.FORCE_OPEN],
    }[state]
    for trigger in way:
        breaker.operate(trigger)
    return breaker


@pytest.mark.parametrize(("state", "trigger"), list(product(BreakerState, _OPERATOR)))
def test_an_operator_can_do_what_the_table_says_and_nothing_else(state: BreakerState, trigger: Trigger) -> None:
    breaker = _breaker_in(state)
    target = TRANSITIONS.get((state, trigger))
    if target is not None:
        breaker.operate(trigger)
        assert breaker.state is target
    else:
        with pytest.raises(IllegalTransitionError):
            breaker.operate(trigger)
        assert breaker.state is state


def test_every_state_can_be_left_and_reset() -> None:
    for state in BreakerState:
        assert TRANSITIONS[state, Trigger.RESET] is BreakerState.CLOSED


def test_the_wait_after_an_opening_by_hand_is_the_one_that_was_asked_for_once() -> None:
    clock = ManualClock(datetime(2026, 1, 1, tzinfo=UTC))
    breaker = CircuitBreaker(BreakerPolicy(open_wait_s=10), clock.monotonic)
    breaker.operate(Trigger.OPEN, open_for_s=3600)
    assert breaker.retry_after_s() == 3600
    breaker.operate(Trigger.RESET)
    breaker.operate(Trigger.OPEN)
    assert breaker.retry_after_s() == 10


def test_a_waiting_time_never_grows_past_its_bound() -> None:
    clock = ManualClock(datetime(2026, 1, 1, tzinfo=UTC))
    breaker = CircuitBreaker(
        BreakerPolicy(open_wait_s=10.0, open_wait_multiplier=10.0, open_wait_max_s=50.0), clock.monotonic
    )
    for _ in range(400):  # 10.0 ** 400 is no float
        breaker.operate(Trigger.OPEN)
    assert breaker.retry_after_s() == 50


def test_a_disabled_breaker_lets_everything_through_and_remembers_nothing() -> None:
    breaker = _breaker_in(BreakerState.DISABLED)
    for _ in range(100):
        permit = breaker.acquire()
        assert isinstance(permit, Permit)
        breaker.failed(permit, 99.0)
    assert breaker.state is BreakerState.DISABLED
    assert breaker.figures().rates.calls == 0


def test_the_default_policy_counts_over_time() -> None:
    assert BreakerPolicy().window is WindowKind.TIME

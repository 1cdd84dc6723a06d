"""Stops calling what is down, and comes back carefully: a state machine written as a table.

What belongs here: states, permits, when a rate trips. What does not: errors, timeouts, retries;
``pipeline`` decides what counts as a failure.

States: CLOSED counts; OPEN refuses; HALF_OPEN lets a few probes through; DISABLED lets everything
through and counts nothing; FORCED_OPEN refuses until an operator says otherwise. Time moves the
machine only when someone looks at it, so no timer runs and no task leaks.

A permit carries the generation in which it was given. A result that comes back in a later
generation is ignored: it says nothing about the state of now. State lives in memory and starts
closed. The lock makes the counters exact when probes come from other threads than the event loop's.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from connectors.kernel.call_window import CallWindow, CountWindow, IntervalWindow, Rates, TimeWindow
from connectors.kernel.policy import BreakerPolicy, WindowKind


class BreakerState(StrEnum):
    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"
    DISABLED = "disabled"
    FORCED_OPEN = "forced_open"


class Trigger(StrEnum):
    """Why the state changes. The last five are an operator's."""

    RATE_REACHED = "rate_reached"
    WAIT_OVER = "wait_over"
    PROBES_FAILED = "probes_failed"
    PROBES_PASSED = "probes_passed"
    PROBES_LATE_OPEN = "probes_late_open"
    PROBES_LATE_CLOSE = "probes_late_close"
    OPEN = "open"
    PROBE = "probe"
    FORCE_OPEN = "force_open"
    DISABLE = "disable"
    RESET = "reset"


_S, _T = BreakerState, Trigger

TRANSITIONS: Mapping[tuple[BreakerState, Trigger], BreakerState] = {
    (_S.CLOSED, _T.RATE_REACHED): _S.OPEN,
    (_S.OPEN, _T.WAIT_OVER): _S.HALF_OPEN,
    (_S.HALF_OPEN, _T.PROBES_FAILED): _S.OPEN,
    (_S.HALF_OPEN, _T.PROBES_PASSED): _S.CLOSED,
    (_S.HALF_OPEN, _T.PROBES_LATE_OPEN): _S.OPEN,
    (_S.HALF_OPEN, _T.PROBES_LATE_CLOSE): _S.CLOSED,
    (_S.CLOSED, _T.OPEN): _S.OPEN,
    (_S.OPEN, _T.OPEN): _S.OPEN,
    (_S.HALF_OPEN, _T.OPEN): _S.OPEN,
    (_S.OPEN, _T.PROBE): _S.HALF_OPEN,
    (_S.CLOSED, _T.FORCE_OPEN): _S.FORCED_OPEN,
    (_S.OPEN, _T.FORCE_OPEN): _S.FORCED_OPEN,
    (_S.HALF_OPEN, _T.FORCE_OPEN): _S.FORCED_OPEN,
    (_S.DISABLED, _T.FORCE_OPEN): _S.FORCED_OPEN,
    (_S.CLOSED, _T.DISABLE): _S.DISABLED,
    (_S.OPEN, _T.DISABLE): _S.DISABLED,
    (_S.HALF_OPEN, _T.DISABLE): _S.DISABLED,
    (_S.FORCED_OPEN, _T.DISABLE): _S.DISABLED,
    (_S.CLOSED, _T.RESET): _S.CLOSED,
    (_S.OPEN, _T.RESET): _S.CLOSED,
    (_S.HALF_OPEN, _T.RESET): _S.CLOSED,
    (_S.DISABLED, _T.RESET): _S.CLOSED,
    (_S.FORCED_OPEN, _T.RESET): _S.CLOSED,
}
"""Every change there is. A pair that is missing raises ``IllegalTransitionError``."""


class IllegalTransitionError(Exception):
    """The table has no such change; an operator asked for something that makes no sense now."""


@dataclass(frozen=True, slots=True)
class Permit:
    """Leave to make one call; hand it back with exactly one of ``succeeded``, ``failed``, ``ignored``."""

    generation: int


@dataclass(frozen=True, slots=True)
class BreakerFigures:
    """What the breaker knows. Counters are those of the present window and state."""

    state: BreakerState
    rates: Rates
    requests: int
    refused: int


class CircuitBreaker:
    """One breaker per bound connector. ``monotonic`` gives seconds and never goes back."""

    def __init__(self, policy: BreakerPolicy, monotonic: Callable[[], float]) -> None:
        self._policy = policy
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._generation = 0
        self._grown_wait_s: float | None = None
        self._open_for_s: float | None = None
        self._enter(BreakerState.CLOSED, monotonic())

    @property
    def state(self) -> BreakerState:
        with self._lock:
            self._look(self._monotonic())
            return self._state

    def figures(self) -> BreakerFigures:
        with self._lock:
            now = self._monotonic()
            self._look(now)
            return BreakerFigures(self._state, self._window.rates(now), self._requests, self._refused)

    def acquire(self) -> Permit | None:
        """A permit, or ``None`` when the call must not be made."""
        with self._lock:
            self._look(self._monotonic())
            if not self._permits():
                self._refused += 1
                return None
            self._requests += 1
            if self._state is BreakerState.HALF_OPEN:
                self._probes_left -= 1
            return Permit(self._generation)

    def retry_after_s(self) -> float | None:
        """Seconds until trying again makes sense; ``None`` when it does now, or when nobody can know."""
        with self._lock:
            now = self._monotonic()
            self._look(now)
            if self._state is BreakerState.OPEN:
                return self._since + self._wait_s() - now
            if self._state is BreakerState.HALF_OPEN and not self._permits():
                # The probes decide; should they fail, this is the least it takes.
                return self._policy.open_wait_s
            return None

    def succeeded(self, permit: Permit, duration_s: float) -> None:
        self._record(permit, failed=False, duration_s=duration_s)

    def failed(self, permit: Permit, duration_s: float) -> None:
        self._record(permit, failed=True, duration_s=duration_s)

    def ignored(self, permit: Permit) -> None:
        """The call says nothing about the other side's health (a wrong request, a cancelled task)."""
        with self._lock:
            self._look(self._monotonic())
            if permit.generation == self._generation and self._state is BreakerState.HALF_OPEN:
                self._probes_left += 1

    def operate(self, trigger: Trigger, *, open_for_s: float | None = None) -> None:
        """Change the state by hand. ``open_for_s`` replaces the waiting time of this one opening.

        Raises ``IllegalTransitionError`` when the present state does not allow it.
        """
        with self._lock:
            now = self._monotonic()
            self._look(now)
            self._move(trigger, now)
            self._open_for_s = open_for_s if trigger is Trigger.OPEN else None

    def _record(self, permit: Permit, *, failed: bool, duration_s: float) -> None:
        with self._lock:
            now = self._monotonic()
            self._look(now)
            counts = self._state in (BreakerState.CLOSED, BreakerState.HALF_OPEN)
            if permit.generation != self._generation or not counts:
                return
            self._window.record(now, failed=failed, slow=duration_s >= self._policy.slow_s)
            tripped = self._tripped(self._window.rates(now))
            if self._state is BreakerState.CLOSED:
                if tripped:
                    self._move(Trigger.RATE_REACHED, now)
                return
            first_failure = failed and self._policy.half_open_first_failure_opens
            if first_failure or tripped:
                self._move(Trigger.PROBES_FAILED, now)
            elif self._window.rates(now).calls >= self._policy.half_open_permits:
                self._move(Trigger.PROBES_PASSED, now)

    # The methods below run while the lock is held.

    def _permits(self) -> bool:
        if self._state is BreakerState.HALF_OPEN:
            return self._probes_left > 0
        return self._state in (BreakerState.CLOSED, BreakerState.DISABLED)

    def _tripped(self, rates: Rates) -> bool:
        needed = self._policy.min_calls
        if self._state is BreakerState.HALF_OPEN:
            needed = self._policy.half_open_permits
        if rates.calls < needed:
            return False
        return rates.failure_pct >= self._policy.failure_pct or rates.slow_pct >= self._policy.slow_pct

    def _wait_s(self) -> float:
        if self._open_for_s is not None:
            return self._open_for_s
        return self._policy.open_wait_s if self._grown_wait_s is None else self._grown_wait_s

    def _grow_wait(self) -> None:
        """Each opening in a row waits longer; the bound never shortens the first wait."""
        policy = self._policy
        if self._grown_wait_s is None:
            self._grown_wait_s = policy.open_wait_s
            return
        grown = self._grown_wait_s * policy.open_wait_multiplier
        self._grown_wait_s = max(policy.open_wait_s, min(grown, policy.open_wait_max_s))

    def _look(self, now: float) -> None:
        """Make the changes that only time makes."""
        policy = self._policy
        match self._state:
            case BreakerState.OPEN if now - self._since >= self._wait_s():
                self._move(Trigger.WAIT_OVER, now)
            case BreakerState.HALF_OPEN if (
                policy.max_half_open_s is not None and now - self._since >= policy.max_half_open_s
            ):
                opens = policy.half_open_timeout_opens
                self._move(Trigger.PROBES_LATE_OPEN if opens else Trigger.PROBES_LATE_CLOSE, now)
            case BreakerState.CLOSED if self._window.over(now):
                self._enter(BreakerState.CLOSED, now)
            case _:
                pass

    def _move(self, trigger: Trigger, now: float) -> None:
        target = TRANSITIONS.get((self._state, trigger))
        if target is None:
            raise IllegalTransitionError(f"a breaker that is {self._state} cannot '{trigger}'")
        self._open_for_s = None
        if target is BreakerState.OPEN:
            self._grow_wait()
        elif target is not BreakerState.HALF_OPEN:
            self._grown_wait_s = None
        self._enter(target, now)

    def _enter(self, state: BreakerState, now: float) -> None:
        self._generation += 1
        self._state = state
        self._since = now
        self._requests = 0
        self._refused = 0
        self._probes_left = self._policy.half_open_permits
        if state is BreakerState.HALF_OPEN:
            self._window: CallWindow = CountWindow(self._policy.half_open_permits)
        elif state is not BreakerState.OPEN:  # while open, the figures that led there stay readable
            self._window = _new_window(self._policy, now)


def _new_window(policy: BreakerPolicy, now: float) -> CallWindow:
    match policy.window:
        case WindowKind.COUNT:
            return CountWindow(policy.window_size)
        case WindowKind.TIME:
            return TimeWindow(policy.window_s)
        case WindowKind.INTERVAL:
            return IntervalWindow(policy.window_s, now)

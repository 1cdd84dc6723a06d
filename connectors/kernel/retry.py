"""Whether, when and how often a failed attempt is made again. The only user of tenacity.

tenacity's own defaults repeat for ever without waiting, so every part is given here and the bare
decorator is not used anywhere.
"""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from tenacity import AsyncRetrying, BaseRetrying, RetryCallState

from connectors.clock import Clock
from connectors.errors import ConnectorError
from connectors.kernel.deadline import Deadline
from connectors.kernel.policy import RetryPolicy

type Jitter = Callable[[float, float], float]
"""Draws a number between two bounds."""


@dataclass(slots=True)
class Attempts:
    """One call under way, shared by its attempts.

    ``repeatable`` is false for a write without an idempotency key: its first failure is its last,
    because the other side may have done the work.
    """

    deadline: Deadline
    repeatable: bool
    made: int = 0


class _PlainRetrying(AsyncRetrying):
    """tenacity's loop over an asynchronous attempt and plain rules.

    ``AsyncRetrying`` asks of every rule, at every call, whether it must be awaited, and wraps it: 15 of its 26
    microseconds. Ours never must, so its base class, which is the same machine without that question, runs them.
    """

    async def iter(self, retry_state: RetryCallState) -> Any:  # noqa: ANN401 - what tenacity says it is
        return BaseRetrying.iter(self, retry_state)

    _add_action_func = BaseRetrying._add_action_func  # noqa: SLF001 - the four that the asynchronous class replaces
    _run_retry = BaseRetrying._run_retry  # type: ignore[assignment] # noqa: SLF001 - see above
    _run_wait = BaseRetrying._run_wait  # type: ignore[assignment] # noqa: SLF001 - see above
    _run_stop = BaseRetrying._run_stop  # type: ignore[assignment] # noqa: SLF001 - see above


class Retry:
    """Repeats an attempt by ``policy``. One instance serves any number of calls at once."""

    def __init__(self, policy: RetryPolicy, clock: Clock, jitter: Jitter = random.uniform) -> None:
        self._policy = policy
        self._jitter = jitter
        self._retrying = _PlainRetrying(
            sleep=clock.sleep, retry=_is_retryable, stop=self._is_last, wait=self._wait_s, reraise=True
        )

    async def run[T](self, attempt: Callable[[Attempts], Awaitable[T]], attempts: Attempts) -> T:
        """The result of the first attempt that succeeds, or the error of the last one."""
        return await self._retrying(attempt, attempts)

    def _wait_s(self, state: RetryCallState) -> float:
        """Full jitter, or what the other side asked for."""
        asked = _error(state).retry_after_s
        if asked is not None:
            return asked
        policy = self._policy
        ceiling = min(policy.max_wait_s, policy.base_wait_s * 2.0 ** (state.attempt_number - 1))
        return self._jitter(0.0, ceiling)

    def _is_last(self, state: RetryCallState) -> bool:
        attempts: Attempts = state.args[0]
        asked = _error(state).retry_after_s
        return (
            not attempts.repeatable
            or state.attempt_number >= self._policy.attempts
            or (asked is not None and asked > self._policy.max_retry_after_s)
            or state.upcoming_sleep >= attempts.deadline.left_s()
        )


def _is_retryable(state: RetryCallState) -> bool:
    outcome = state.outcome
    if outcome is None or not outcome.failed:
        return False
    error = outcome.exception()
    return isinstance(error, ConnectorError) and error.retryable


def _error(state: RetryCallState) -> ConnectorError:
    """The error that is about to be waited on; ``_is_retryable`` let only these through."""
    error = state.outcome.exception() if state.outcome is not None else None
    if not isinstance(error, ConnectorError):  # pragma: no cover - tenacity asks only after `_is_retryable`
        raise TypeError("no retryable error to wait for")
    return error

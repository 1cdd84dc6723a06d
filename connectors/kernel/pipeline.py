"""What happens around every call, in the one order there is.

Outermost first::

    deadline → retry → circuit breaker → attempt timeout → bulkhead → the call

The deadline is outermost so that waits count too; the breaker is inside the retry so that every
attempt is judged by itself and an open breaker ends the retrying; the timeout is around the bulkhead so
that nobody waits for a place longer than for an answer. A time-out that struck while waiting for a place is our
own crowd and says nothing about the other side. Each finished call is reported once, whatever its end.
"""

from __future__ import annotations

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from connectors.clock import Clock
from connectors.errors import (
    AdapterFaultError,
    CircuitOpenError,
    ConnectorError,
    FailureKind,
    OverloadedError,
    TimedOutError,
)
from connectors.kernel.bulkhead import Bulkhead
from connectors.kernel.circuit_breaker import BreakerState, CircuitBreaker, Permit
from connectors.kernel.deadline import Deadline
from connectors.kernel.policy import CallPolicy
from connectors.kernel.redaction import Redactor
from connectors.kernel.retry import Attempts, Retry
from connectors.operation import Access

logger = logging.getLogger("connectors.pipeline")

_COUNTED_KINDS = frozenset({FailureKind.TIMEOUT, FailureKind.UNAVAILABLE})
"""The kinds that speak against the other side's health. A wrong request, a taken slot, a bad
credential or "too many requests" come from a side that is up: they give the permit back."""


@dataclass(frozen=True, slots=True)
class CallReport:
    """How one call ended. Holds neither parameters nor results.

    ``outcome`` is ``ok``, ``cancelled`` or a failure kind. ``duration_s`` is the whole call.
    ``detail`` is redacted.
    """

    connector: str
    operation: str
    outcome: str
    attempts: int
    duration_s: float
    breaker: BreakerState
    detail: str


_UNREMARKABLE = frozenset({"ok", "cancelled", FailureKind.REJECTED.value, FailureKind.CONFLICT.value})
"""Outcomes of ordinary days: a slot was taken meanwhile, an old button was tapped."""


type CallObserver = Callable[[CallReport], None]
"""Told of every finished call. Must be quick and must not raise."""


def log_call(report: CallReport) -> None:
    """The observer that writes one structured line; what an operator should look at is a warning."""
    logger.log(
        logging.INFO if report.outcome in _UNREMARKABLE else logging.WARNING,
        "connector_call connector=%s operation=%s outcome=%s attempts=%d duration_ms=%.1f breaker=%s detail=%s",
        report.connector,
        report.operation,
        report.outcome,
        report.attempts,
        report.duration_s * 1000,
        report.breaker,
        report.detail or "-",
    )


class Pipeline:
    """The pipeline of one bound connector: its breaker is shared by all calls of that connector."""

    def __init__(
        self,
        connector: str,
        policy: CallPolicy,
        clock: Clock,
        *,
        redact: Redactor | None = None,
        observers: Sequence[CallObserver] = (log_call,),
    ) -> None:
        self._connector = connector
        self._policy = policy
        self._clock = clock
        self.redact = redact or Redactor()
        self._observers = tuple(observers)
        self._retry = Retry(policy.retry, clock)
        self.breaker = CircuitBreaker(policy.breaker, clock.monotonic)
        self.bulkhead = Bulkhead(connector, policy.bulkhead)

    async def run[T](self, operation: str, access: Access, idempotency_key: str, call: Callable[[], Awaitable[T]]) -> T:
        """Perform ``call`` and return its result. Raises only ``ConnectorError`` (and cancellation)."""
        deadline = Deadline.start(self._clock, self._policy.deadline_s)
        attempts = Attempts(deadline, repeatable=access is Access.READS or bool(idempotency_key))

        async def attempt(state: Attempts) -> T:
            state.made += 1
            return await self._attempt(call, state.deadline)

        outcome, detail = "cancelled", ""
        try:
            result = await self._retry.run(attempt, attempts)
        except ConnectorError as error:
            outcome, detail = error.kind.value, self.redact(str(error))
            raise
        else:
            outcome = "ok"
            return result
        finally:
            self._report(operation, outcome, detail, attempts)

    def _report(self, operation: str, outcome: str, detail: str, attempts: Attempts) -> None:
        report = CallReport(
            connector=self._connector,
            operation=operation,
            outcome=outcome,
            attempts=attempts.made,
            duration_s=attempts.deadline.elapsed_s(),
            breaker=self.breaker.state,
            detail=detail,
        )
        for observe in self._observers:
            observe(report)

    async def _attempt[T](self, call: Callable[[], Awaitable[T]], deadline: Deadline) -> T:
        permit = self.breaker.acquire()
        if permit is None:
            raise CircuitOpenError(
                f"{self._connector} failed too often lately and is not being called",
                retry_after_s=self.breaker.retry_after_s(),
            )
        started = self._clock.monotonic()
        try:
            result = await self._timed(call, deadline)
        except ConnectorError as error:
            if error.kind in _COUNTED_KINDS:
                self._failed(permit, started)
            else:
                self.breaker.ignored(permit)
            raise
        except asyncio.CancelledError:
            self.breaker.ignored(permit)
            raise
        except Exception as error:
            # The boundary of foreign code: whatever an adapter lets slip becomes one classified error,
            # so that no customer is left without an answer. The cause keeps the traceback.
            self._failed(permit, started)
            raise AdapterFaultError(_defect(self._connector, error)) from error
        except BaseException:
            self._failed(permit, started)
            raise
        self.breaker.succeeded(permit, self._clock.monotonic() - started)
        return result

    def _failed(self, permit: Permit, started: float) -> None:
        self.breaker.failed(permit, self._clock.monotonic() - started)

    async def _timed[T](self, call: Callable[[], Awaitable[T]], deadline: Deadline) -> T:
        limit_s = min(self._policy.attempt_timeout_s, deadline.left_s())
        inside = False
        try:
            async with asyncio.timeout(limit_s):
                await self.bulkhead.enter()
                inside = True
                try:
                    return await call()
                finally:
                    self.bulkhead.leave()
        except TimeoutError as error:
            if not inside:
                raise OverloadedError(f"{self._connector} had no place free within {limit_s:.1f} s") from error
            raise TimedOutError(f"{self._connector} did not answer within {limit_s:.1f} s") from error


def _defect(connector: str, error: Exception) -> str:
    """Which defect, and where. The message of ``error`` stays out: nobody knows what it holds."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{connector} raised {type(error).__name__} in {Path(frame.filename).name}:{frame.lineno}"

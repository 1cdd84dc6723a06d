"""The numbers of the pipeline: frozen data with defaults, ranges and reasons.

A tenant may override any of them per binding under ``policy`` (``connectors.calendar.policy``).
Defaults follow what a waiting customer bears: someone who tapped a button expects an answer within
seconds, and the runtime holds that customer's queue until the call has ended.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from connectors.kernel.config_reader import ConfigReader
from connectors.plain_json import JSON


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and how far apart a call is repeated.

    The wait before attempt n+1 is drawn from 0 to ``min(max_wait_s, base_wait_s * 2**(n-1))`` (full
    jitter), so that tenants that failed together do not come back together.
    """

    attempts: int = 3
    """Tries in all. A third one catches a restart on the other side; more would outlast the deadline."""
    base_wait_s: float = 0.2
    """A dropped connection is usually good again at once."""
    max_wait_s: float = 2.0
    """A customer is waiting."""
    max_retry_after_s: float = 5.0
    """A ``Retry-After`` up to this long is honoured; a longer one ends the call at once."""


class WindowKind(StrEnum):
    """Over what the failure and slow rates are taken."""

    COUNT = "count"
    """the last ``window_size`` calls"""
    TIME = "time"
    """the calls of the last ``window_s`` seconds, in tenths of the window"""
    INTERVAL = "interval"
    """the calls since the interval of ``window_s`` seconds began; then from nothing again"""


@dataclass(frozen=True, slots=True)
class BreakerPolicy:
    """When to stop calling, and how to come back."""

    window: WindowKind = WindowKind.TIME
    window_size: int = 20
    """Calls, for ``count``."""
    window_s: float = 60.0
    """Seconds, for ``time`` and ``interval``. One business makes few calls: a failure an hour ago says
    nothing about now, so time is the default."""
    min_calls: int = 5
    """Below this many calls no rate exists. One customer's bad luck must not lock out the next."""
    failure_pct: float = 50.0
    """At or above this share of failures the breaker opens."""
    slow_s: float = 8.0
    """A call this long or longer is slow, even if it succeeds."""
    slow_pct: float = 80.0
    """At or above this share of slow calls the breaker opens."""
    half_open_permits: int = 2
    """Calls let through to probe. Two, because one may be lucky."""
    half_open_first_failure_opens: bool = True
    """The first failed probe is proof enough; do not spend another customer on it."""
    max_half_open_s: float | None = 30.0
    """Probes that never come back must not pin the breaker half-open. ``None``: no limit."""
    half_open_timeout_opens: bool = True
    """Where ``max_half_open_s`` leads: open (true) or closed (false)."""
    open_wait_s: float = 10.0
    """How long nothing is tried after opening: about what a restart takes."""
    open_wait_multiplier: float = 2.0
    """Each opening in a row waits this much longer."""
    open_wait_max_s: float = 120.0
    """Up to here, so that a booking works again within minutes of the repair."""


@dataclass(frozen=True, slots=True)
class CallPolicy:
    """Everything around one call, outermost first: deadline, retry, breaker, attempt timeout."""

    deadline_s: float = 15.0
    """The whole call, waits included. After it the customer hears the tenant's sentence."""
    attempt_timeout_s: float = 10.0
    """One attempt; covers the 3 s to connect and what a calendar needs on a bad day."""
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    breaker: BreakerPolicy = field(default_factory=BreakerPolicy)


LLM_POLICY = CallPolicy(
    deadline_s=20.0,
    attempt_timeout_s=20.0,
    retry=RetryPolicy(attempts=2),
    breaker=BreakerPolicy(slow_s=15.0),
)
"""Answers take longer and cost money: one repetition, no more."""


def read_policy(block: Mapping[str, JSON], path: str, default: CallPolicy) -> CallPolicy:
    """``default`` with the overrides of ``block``. Raises ``ConnectorConfigError`` naming every fault."""
    reader = ConfigReader(block, path)
    retry, breaker = default.retry, default.breaker
    policy = CallPolicy(
        deadline_s=reader.take_number("deadline_s", default.deadline_s, above=0, maximum=120),
        attempt_timeout_s=reader.take_number("attempt_timeout_s", default.attempt_timeout_s, above=0, maximum=120),
        retry=RetryPolicy(
            attempts=reader.take_integer("attempts", retry.attempts, minimum=1, maximum=5),
            base_wait_s=reader.take_number("base_wait_s", retry.base_wait_s, above=0, maximum=10),
            max_wait_s=reader.take_number("max_wait_s", retry.max_wait_s, above=0, maximum=30),
            max_retry_after_s=reader.take_number("max_retry_after_s", retry.max_retry_after_s, above=0, maximum=60),
        ),
        breaker=_read_breaker(reader, breaker),
    )
    if policy.attempt_timeout_s > policy.deadline_s:
        reader.fault("attempt_timeout_s", "is longer than deadline_s; one attempt cannot outlast the whole call")
    reader.finish()
    return policy


def _read_breaker(reader: ConfigReader, default: BreakerPolicy) -> BreakerPolicy:
    return BreakerPolicy(
        window=reader.take_parsed("window", _window_kind, default.window),
        window_size=reader.take_integer("window_size", default.window_size, minimum=1, maximum=10_000),
        window_s=reader.take_number("window_s", default.window_s, above=0, maximum=3600),
        min_calls=reader.take_integer("min_calls", default.min_calls, minimum=1, maximum=10_000),
        failure_pct=reader.take_number("failure_pct", default.failure_pct, above=0, maximum=100),
        slow_s=reader.take_number("slow_s", default.slow_s, above=0, maximum=120),
        slow_pct=reader.take_number("slow_pct", default.slow_pct, above=0, maximum=100),
        half_open_permits=reader.take_integer("half_open_permits", default.half_open_permits, minimum=1, maximum=100),
        half_open_first_failure_opens=default.half_open_first_failure_opens,
        max_half_open_s=default.max_half_open_s,
        half_open_timeout_opens=default.half_open_timeout_opens,
        open_wait_s=reader.take_number("open_wait_s", default.open_wait_s, above=0, maximum=3600),
        open_wait_multiplier=reader.take_number(
            "open_wait_multiplier", default.open_wait_multiplier, above=0.99, maximum=10
        ),
        open_wait_max_s=reader.take_number("open_wait_max_s", default.open_wait_max_s, above=0, maximum=86_400),
    )


def _window_kind(value: JSON) -> WindowKind:
    for kind in WindowKind:
        if value == kind.value:
            return kind
    raise ValueError(f"must be one of {', '.join(WindowKind)}")

"""The numbers of the pipeline: frozen data with defaults, ranges and reasons.

A tenant may override any of them per binding under ``policy`` (``connectors.calendar.policy``).
Defaults follow what a waiting customer bears: someone who tapped a button expects an answer within
seconds, and the runtime holds that customer's queue until the call has ended.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


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
class BulkheadPolicy:
    """How many attempts may be under way at once, so that one slow connector cannot take every connection."""

    max_concurrent: int = 8
    """Of the twenty connections of a process: two connectors can hang and a third still works."""
    max_waiting: int = 32
    """Attempts waiting for a place. More than this could not be served within any deadline; they are told at once."""


@dataclass(frozen=True, slots=True)
class CallPolicy:
    """Everything around one call, outermost first: deadline, retry, breaker, attempt timeout, bulkhead."""

    deadline_s: float = 15.0
    """The whole call, waits included. After it the customer hears the tenant's sentence."""
    attempt_timeout_s: float = 10.0
    """One attempt; covers the 3 s to connect and what a calendar needs on a bad day."""
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    breaker: BreakerPolicy = field(default_factory=BreakerPolicy)
    bulkhead: BulkheadPolicy = field(default_factory=BulkheadPolicy)


LLM_POLICY = CallPolicy(
    deadline_s=20.0,
    attempt_timeout_s=20.0,
    retry=RetryPolicy(attempts=2),
    breaker=BreakerPolicy(slow_s=15.0),
    bulkhead=BulkheadPolicy(max_concurrent=4),
)
"""Answers take longer and cost money: one repetition, no more, and few of them beside each other."""

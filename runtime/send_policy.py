"""What becomes of a failed send. Pure: (failure, attempt, age) → outcome.

In-process retries of a connector cover seconds; these rows cover minutes and hours.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import assert_never

from runtime.errors import SendAction, SendError
from runtime.ports.outbox_store import Dead, PutBack, Retry, SendOutcome, TakenMessage, Unknown

FIRST_PAUSE_S = 2.0
"""Half of it on average before the second attempt: Meta's pair limit asks for seconds (131056)."""

LONGEST_PAUSE_S = 300.0
"""A throttled number recovers within minutes; asking less often only delays the customer."""

LONGEST_RETRY_AFTER_S = 3_600.0
"""A provider's wish is honoured up to an hour, so that a nonsense value cannot park a line for a week."""

GIVE_UP_AFTER = timedelta(hours=24)
"""A reply older than the customer service window may not be sent as a free message any more."""

RECONCILE = timedelta(seconds=20)
"""How long a status with our id is waited for before an attempt of unknown result is repeated."""

MAX_UNKNOWNS = 3
"""Attempts of unknown result before giving up: each of them may be a message the customer has seen."""


def outcome_of(
    error: SendError,
    taken: TakenMessage,
    *,
    now: datetime,
    jitter: Callable[[], float],
    reconcile: timedelta = RECONCILE,
) -> SendOutcome:
    """``jitter`` returns a number in [0, 1): full jitter, so that a thousand runtimes do not come back at once."""
    match error.action:
        case SendAction.RETRY:
            if now - taken.created_at > GIVE_UP_AFTER:
                return Dead(f"given up after {taken.message.attempt} attempts: {error.detail}")
            return Retry(now + _pause(error.retry_after_s, taken.message.attempt, jitter), error.detail)
        case SendAction.AMBIGUOUS:
            if taken.unknowns + 1 >= MAX_UNKNOWNS:
                return Dead(f"sent {MAX_UNKNOWNS} times without an answer: {error.detail}")
            return Unknown(now + reconcile, error.detail)
        case SendAction.PARK:
            return Dead(error.detail)
        case SendAction.STOP_CHANNEL:
            return PutBack(error.detail)
        case _:
            assert_never(error.action)


def _pause(retry_after_s: float | None, attempt: int, jitter: Callable[[], float]) -> timedelta:
    # The exponent is bounded by itself: 2 ** 1000 is no float.
    backoff_s = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0 ** min(attempt - 1, 16)) * jitter()
    return timedelta(seconds=max(backoff_s, min(retry_after_s or 0.0, LONGEST_RETRY_AFTER_S)))

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from flow_engine.outputs.output import Text
from runtime.errors import SendAction, SendError
from runtime.ports.channel_adapter import OutboundMessage
from runtime.ports.outbox_store import Dead, PutBack, Retry, SendOutcome, TakenMessage, Unknown
from runtime.send_policy import outcome_of
from tests.runtime.store.samples import ANA, NOW, after


def taken(attempt: int = 1, unknowns: int = 0, created_at: datetime = NOW) -> TakenMessage:
    return TakenMessage(OutboundMessage("id", "ana", Text("hola"), attempt), ANA, created_at, unknowns)


def outcome(action: SendAction, message: TakenMessage, retry_after_s: float | None, jitter: float) -> SendOutcome:
    return outcome_of(SendError(action, "why", retry_after_s=retry_after_s), message, now=NOW, jitter=lambda: jitter)


RETRY, AMBIGUOUS = SendAction.RETRY, SendAction.AMBIGUOUS
DAY_OLD = NOW - timedelta(hours=24, microseconds=1)


@pytest.mark.parametrize(
    ("action", "message", "retry_after_s", "jitter", "expected"),
    [
        pytest.param(RETRY, taken(1), None, 0.5, Retry(after(1), "why"), id="the first pause is up to 2 s"),
        pytest.param(RETRY, taken(4), None, 0.5, Retry(after(8), "why"), id="each attempt doubles it"),
        pytest.param(RETRY, taken(999), None, 0.5, Retry(after(150), "why"), id="up to five minutes"),
        pytest.param(RETRY, taken(1), 30, 0.5, Retry(after(30), "why"), id="a longer wish is honoured"),
        pytest.param(RETRY, taken(8), 1, 0.5, Retry(after(128), "why"), id="a shorter wish does not shorten"),
        pytest.param(RETRY, taken(1), 1e9, 0.5, Retry(after(3600), "why"), id="a wish is honoured up to an hour"),
        pytest.param(
            RETRY, taken(7, created_at=DAY_OLD), None, 0.5, Dead("given up after 7 attempts: why"), id="after a day"
        ),
        pytest.param(AMBIGUOUS, taken(1), 99, 0.5, Unknown(after(20), "why"), id="unknown waits for a report"),
        pytest.param(AMBIGUOUS, taken(9, unknowns=1), None, 0.5, Unknown(after(20), "why"), id="and once more"),
        pytest.param(
            AMBIGUOUS, taken(3, unknowns=2), None, 0.5, Dead("sent 3 times without an answer: why"), id="three in all"
        ),
        pytest.param(SendAction.PARK, taken(), None, 0.5, Dead("why"), id="parked"),
        pytest.param(SendAction.STOP_CHANNEL, taken(), None, 0.5, PutBack("why"), id="put back"),
    ],
)
def test_what_becomes_of_a_failed_send(
    action: SendAction, message: TakenMessage, retry_after_s: float | None, jitter: float, expected: SendOutcome
) -> None:
    assert outcome(action, message, retry_after_s, jitter) == expected

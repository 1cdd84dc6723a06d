"""The reader of traces, on traces written by hand."""

from __future__ import annotations

import pytest

from tests.crash.trace import MESSAGES, judge

READ = '101 read(15, "POST /webhook HTTP/1.1\\r\\nHost: 127"..., 65536) = 812'
LATE_READ = '101 <... read resumed>"POST /webhook HTTP/1.1\\r\\nHost: 127"..., 65536) = 812'
SYNC = "102 fdatasync(9)                       = 0"
RESUMED = "102 <... fdatasync resumed>)            = 0"
OTHER = '101 sendto(21, "POST /v25.0/1/messages HTTP/1.1"..., 400, 0, NULL, 0) = 400'
OK = '101 write(15, "HTTP/1.1 200 OK\\r\\ncontent-type: t"..., 140) = 140'


@pytest.mark.parametrize(
    ("calls", "too_soon"),
    [
        pytest.param([READ, SYNC, OK], 0, id="read, synced, acknowledged"),
        pytest.param(
            [READ, "102 fdatasync(9 <unfinished ...>", OTHER, RESUMED, OK], 0, id="the sync returns in between"
        ),
        pytest.param(
            ["101 read(15,  <unfinished ...>", SYNC, LATE_READ, SYNC, OK], 0, id="the read returns in between"
        ),
        pytest.param([SYNC, READ, OK], MESSAGES, id="synced before the body was read"),
        pytest.param([READ, OTHER, OK, SYNC], MESSAGES, id="synced after the 200"),
        pytest.param([READ, "102 fdatasync(9) = -1 EIO (Input/output error)", OK], MESSAGES, id="the sync failed"),
    ],
)
def test_an_acknowledgement_needs_a_sync_between_body_and_200(calls: list[str], too_soon: int) -> None:
    trace = judge(calls * MESSAGES)
    assert (trace.acknowledgements, len(trace.violations)) == (MESSAGES, too_soon)


def test_a_trace_that_shows_too_few_acknowledgements_proves_nothing() -> None:
    trace = judge([READ, SYNC, OK])
    assert (trace.violations, trace.trouble) == ((), f"only 1 of {MESSAGES} acknowledgements are in the trace")

"""The verdict over runs that never took place."""

from __future__ import annotations

import pytest

from tests.crash.broken import Broken, Promise
from tests.crash.mutants import MUTANTS
from tests.crash.trace import MESSAGES, Trace
from tests.crash.verdict import BAD, GOOD, UNJUDGED, judge

CLEAN = Trace(MESSAGES, ())
TOO_SOON = Trace(MESSAGES, ("acknowledgement 1 left without an fdatasync since its body was read",))
NO_STRACE = Trace(0, (), "strace is missing")
LOST = Broken(Promise.STORED, "wamid.1 was acknowledged and is not stored")
TWICE = Broken(Promise.SENT_ONCE, "m1 was sent twice")


@pytest.mark.parametrize(
    ("broken", "trace", "mutant", "exit_code"),
    [
        pytest.param([], CLEAN, None, GOOD, id="nothing broken"),
        pytest.param([LOST], CLEAN, None, BAD, id="a kill showed something"),
        pytest.param([], TOO_SOON, None, BAD, id="the trace showed something"),
        pytest.param([], NO_STRACE, None, UNJUDGED, id="nothing was traced, so nothing is proven"),
        pytest.param([], TOO_SOON, 2, GOOD, id="a mutant of the trace, found by the trace"),
        pytest.param([], NO_STRACE, 2, UNJUDGED, id="a mutant of the trace, and no strace"),
        pytest.param([], CLEAN, 2, BAD, id="a mutant of the trace that the trace does not show"),
        pytest.param([LOST], CLEAN, 2, BAD, id="a mutant of the trace, and a kill showed something else"),
        pytest.param([LOST], None, 1, GOOD, id="a mutant found by its own judge"),
        pytest.param([], None, 1, BAD, id="a mutant that nobody found"),
        pytest.param([TWICE], None, 1, BAD, id="a mutant, and another promise broke"),
        pytest.param([TWICE, LOST], None, 1, GOOD, id="a mutant found by its own judge among others"),
        pytest.param([], TOO_SOON, 1, BAD, id="a mutant of the kills that only the trace shows"),
        pytest.param([LOST], NO_STRACE, 1, UNJUDGED, id="a mutant, and a trace that could not be made"),
    ],
)
def test_a_mutant_is_found_by_its_judge_and_by_nothing_else(
    broken: list[Broken], trace: Trace | None, mutant: int | None, exit_code: int
) -> None:
    assert judge(broken, trace, None if mutant is None else MUTANTS[mutant]).exit_code == exit_code


def test_a_run_that_never_killed_at_a_point_proves_nothing() -> None:
    verdict = judge([], CLEAN, None, ["K9", "K11"])
    assert (verdict.exit_code, verdict.words) == (UNJUDGED, "cannot be judged: nobody was killed at K9, K11")


def test_a_broken_promise_counts_wherever_nobody_was_killed() -> None:
    assert judge([LOST], CLEAN, None, ["K9"]).exit_code == BAD

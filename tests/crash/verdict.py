"""What a run came to: nothing lost, something lost, or not to be judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tests.crash.broken import Broken, Promise
from tests.crash.mutants import Mutant
from tests.crash.trace import Trace

GOOD = 0
BAD = 1
UNJUDGED = 2
"""Exit codes."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """``words`` end the sentence "crash-test: …"."""

    exit_code: int
    words: str


def judge(broken: list[Broken], trace: Trace | None, mutant: Mutant | None, never_hit: Sequence[str] = ()) -> Verdict:
    """``broken`` is what the kills showed; ``trace`` is ``None`` where no runtime was traced; ``never_hit``
    are points that should have been hit and were not, so that the run proves less than it says.

    A mutant is found out by the judge that its fault is meant for. Another promise that breaks on the way, or an
    environment in which nothing can be seen, is no catch.
    """
    if trace is not None and trace.trouble is not None:
        return Verdict(UNJUDGED, f"cannot be judged: {trace.trouble}")
    shown = [*broken, *(Broken(Promise.SYNCED, what) for what in (trace.violations if trace else ()))]
    if mutant is not None:
        return _of_a_mutant({one.promise for one in shown}, mutant)
    if shown:
        return Verdict(BAD, f"{len(shown)} promises were broken")
    if never_hit:
        return Verdict(UNJUDGED, f"cannot be judged: nobody was killed at {', '.join(never_hit)}")
    return Verdict(GOOD, "nothing was lost")


def _of_a_mutant(shown: set[Promise], mutant: Mutant) -> Verdict:
    if mutant.found_by in shown:
        return Verdict(GOOD, f"the mutant was found out: {mutant.promise_broken}")
    if shown:
        others = ", ".join(sorted(shown))
        return Verdict(BAD, f"the mutant breaks {mutant.found_by.value!r}, and only this was seen: {others}")
    return Verdict(BAD, f"the mutant was not found out: {mutant.promise_broken}")

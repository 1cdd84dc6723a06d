"""``python -m tests.crash``: CRASHES (100), SEED (drawn), MUTANT (none), from the environment as ``make`` hands it on;
KEEP_LOG names a file for what the runtimes logged.

Exit code 0: nothing was lost; or, with a mutant, it was found out by the judge that it is meant for. 1: the opposite.
2: the run cannot be judged. The last line is the summary as JSON.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys
from dataclasses import asdict
from pathlib import Path

from tests.crash.cannot_judge import CannotJudgeError
from tests.crash.harness import Harness, Report
from tests.crash.mutants import MUTANTS, Mutant
from tests.crash.trace import Trace, trace_acknowledgements
from tests.crash.verdict import UNJUDGED, Verdict, judge

CRASHES = 100
CRASHES_FOR_A_MUTANT = 200


def main() -> int:
    number = int(os.environ["MUTANT"]) if os.environ.get("MUTANT") else None
    if number is not None and number not in MUTANTS:
        print(f"crash-test: there are mutants {min(MUTANTS)} to {max(MUTANTS)}", file=sys.stderr)
        return UNJUDGED
    mutant = None if number is None else MUTANTS[number]
    crashes = int(os.environ.get("CRASHES") or (CRASHES if mutant is None else CRASHES_FOR_A_MUTANT))
    seed = int(os.environ.get("SEED") or random.SystemRandom().randrange(1_000_000))
    print(f"crash-test: seed {seed}, {crashes} kills" + (f", {mutant.promise_broken}" if mutant else ""), flush=True)
    try:
        report, trace = asyncio.run(_run(seed, crashes, number, mutant))
    except CannotJudgeError as trouble:
        print(f"crash-test: cannot be judged: {trouble}", file=sys.stderr)
        return UNJUDGED
    # A short run cannot be everywhere; its summary says where it was not.
    never_hit = report.never_hit if crashes >= CRASHES else ()
    verdict = judge(report.violations, trace, mutant, never_hit)
    _tell(report, trace, number, verdict)
    return verdict.exit_code


async def _run(seed: int, crashes: int, number: int | None, mutant: Mutant | None) -> tuple[Report, Trace | None]:
    """A mutant meets the judge that is meant for it, everything else meets both."""
    trace = None
    if mutant is None or mutant.found_by_trace:
        trace = await trace_acknowledgements(number)
    if trace is not None and (trace.trouble is not None or mutant is not None):
        return Report(seed), trace
    log = Path(os.environ["KEEP_LOG"]) if os.environ.get("KEEP_LOG") else None
    return await Harness(seed=seed, crashes=crashes, mutant=number, log=log).run(), trace


def _tell(report: Report, trace: Trace | None, number: int | None, verdict: Verdict) -> None:
    violations = [*(trace.violations if trace else ()), *(one.what for one in report.violations)]
    for violation in violations[:20]:
        print(f"broken: {violation}")
    for our_id, times in report.duplicates.items():
        print(f"duplicate: {our_id} was accepted {times} times; a kill had cut off the answer")
    print(f"crash-test: {verdict.words}")
    print(json.dumps(asdict(report) | {"mutant": number, "verdict": verdict.words,
                                       "traced_acknowledgements": trace.acknowledgements if trace else None,
                                       "violations": len(violations), "duplicates": len(report.duplicates),
                                       "parked": len(report.parked)}))  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())

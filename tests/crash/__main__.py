"""``python -m tests.crash``: CRASHES (100), SEED (drawn), MUTANT (none), from the environment as ``make`` hands it on;
KEEP_LOG names a file for what the runtimes logged.

Exit code 0: nothing was lost; or, with a mutant, it was found out. The last line is the summary as JSON.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys
from dataclasses import asdict
from pathlib import Path

from tests.crash.harness import Harness, Report
from tests.crash.mutants import MUTANTS
from tests.crash.trace import Trace, trace_acknowledgements

CRASHES = 100
CRASHES_FOR_A_MUTANT = 200


def main() -> int:
    mutant = int(os.environ["MUTANT"]) if os.environ.get("MUTANT") else None
    if mutant is not None and mutant not in MUTANTS:
        print(f"crash-test: there are mutants {min(MUTANTS)} to {max(MUTANTS)}", file=sys.stderr)
        return 2
    crashes = int(os.environ.get("CRASHES") or (CRASHES if mutant is None else CRASHES_FOR_A_MUTANT))
    seed = int(os.environ.get("SEED") or random.SystemRandom().randrange(1_000_000))
    print(f"crash-test: seed {seed}, {crashes} kills" + (f", {MUTANTS[mutant].promise_broken}" if mutant else ""))
    trace = asyncio.run(trace_acknowledgements(mutant))
    report = Report(seed)
    log = Path(os.environ["KEEP_LOG"]) if os.environ.get("KEEP_LOG") else None
    if not (mutant and MUTANTS[mutant].found_by_trace):
        report = asyncio.run(Harness(seed=seed, crashes=crashes, mutant=mutant, log=log).run())
    return _judge(report, trace, mutant)


def _judge(report: Report, trace: Trace, mutant: int | None) -> int:
    violations = [*trace.violations, *report.violations]
    for violation in violations[:20]:
        print(f"broken: {violation}")
    for our_id, times in report.duplicates.items():
        print(f"duplicate: {our_id} was accepted {times} times; a kill had cut off the answer")
    found = bool(violations)
    print(json.dumps(asdict(report) | {"mutant": mutant, "traced_acknowledgements": trace.acknowledgements,
                                       "violations": len(violations), "duplicates": len(report.duplicates),
                                       "parked": len(report.parked)}))  # fmt: skip
    return int(not found) if mutant is not None else int(found)


if __name__ == "__main__":
    sys.exit(main())

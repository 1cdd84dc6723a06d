"""``python -m tests.crash.all_mutants``: every mutant in its turn, one line each; what ``make crash-mutants`` runs.

Exit code 0 when each was found out by the judge that it is meant for. SEED and CRASHES are handed on.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

from tests.crash.mutants import MUTANTS
from tests.crash.runner import ROOT
from tests.crash.verdict import BAD, GOOD


def main() -> int:
    found = 0
    for number in MUTANTS:
        command = [sys.executable, "-m", "tests.crash"]
        environment = os.environ | {"MUTANT": str(number)}
        run = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=False)
        found += run.returncode == GOOD
        print(f"mutant {number}: {_summary(run.stdout)}", flush=True)
    print(f"crash-mutants: {found} of {len(MUTANTS)} were found out")
    return GOOD if found == len(MUTANTS) else BAD


def _summary(output: str) -> str:
    """One line of what a run came to. One that ended before its summary has said why on stderr."""
    try:
        figures = json.loads(output.splitlines()[-1])
    except (IndexError, ValueError):
        return "the run ended without a summary"
    seen_by = "the trace" if figures["traced_acknowledgements"] else f"{figures['kills']} kills"
    return f"{figures['verdict']} ({seen_by}, seed {figures['seed']}, {figures['seconds']:.0f} s)"


if __name__ == "__main__":
    sys.exit(main())

"""``python -m … PROGRAM``: a warm parent whose children run a small Python program in place of a runtime."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence

from runtime.nursery import live


def run_program(_arguments: Sequence[str], _environment: Mapping[str, str]) -> int:
    exec(PROGRAM, {"__name__": "__main__"})  # noqa: S102 - as `python -c` does, with a program of the tests
    return 0


if __name__ == "__main__":
    PROGRAM = sys.argv[1]
    sys.exit(live(run_program, warm=lambda: None))

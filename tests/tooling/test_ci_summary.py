"""The verdict of the whole check."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "ci_summary.py"


def report(folder: Path, name: str, *, tests: int, failures: int = 0, errors: int = 0) -> None:
    counts = f'tests="{tests}" failures="{failures}" errors="{errors}" skipped="0"'
    (folder / f"{name}.xml").write_text(f'<?xml version="1.0"?><testsuites><testsuite {counts}/></testsuites>')


@pytest.mark.parametrize(
    ("failures", "errors", "failed_steps", "last_line", "status"),
    [
        pytest.param(0, 0, [], "14 passed, 0 failed", 0, id="all is well"),
        pytest.param(
            2, 1, ["test"], "11 passed, 3 failed", 1, id="failed tests count, their step does not count again"
        ),
        pytest.param(0, 0, ["lint"], "14 passed, 1 failed", 1, id="a step without tests counts too"),
    ],
)
def test_the_last_line_counts_tests_and_steps(
    tmp_path: Path, failures: int, errors: int, failed_steps: list[str], last_line: str, status: int
) -> None:
    report(tmp_path, "test", tests=10, failures=failures, errors=errors)
    report(tmp_path, "test-postgres", tests=1)
    done = subprocess.run(
        [sys.executable, SCRIPT, tmp_path, "3", *failed_steps], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.splitlines()[-1]) == (status, last_line)

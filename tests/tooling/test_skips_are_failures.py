"""In continuous integration a skip fails, unless the shared data is absent; elsewhere it is a skip."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

SKIPPING = """
import pytest

def test_skipped():
    pytest.skip("{reason}")
"""
SKIPPING_MODULE = """
import pytest
pytest.skip("{reason}", allow_module_level=True)
"""
DATA_REASON = "FRONTDESK_TEST_DATA names no folder, and the default is absent"


@pytest.mark.parametrize(
    ("program", "reason", "ci", "data", "outcome"),
    [
        pytest.param(SKIPPING, "no browser", "1", "present", "1 failed", id="a skip in CI fails"),
        pytest.param(SKIPPING_MODULE, "no browser", "1", "present", "1 error", id="a skipped module in CI fails"),
        pytest.param(SKIPPING, "no browser", "", "present", "1 skipped", id="a skip elsewhere is a skip"),
        pytest.param(SKIPPING, DATA_REASON, "1", "absent", "1 skipped", id="absent shared data may be skipped"),
        pytest.param(SKIPPING, DATA_REASON, "1", "present", "1 failed", id="present shared data may not"),
    ],
)
def test_what_a_skip_counts_as(tmp_path: Path, program: str, reason: str, ci: str, data: str, outcome: str) -> None:
    (tmp_path / "test_it.py").write_text(program.format(reason=reason))
    folder = str(tmp_path if data == "present" else tmp_path / "nowhere")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "tests.conftest",
        "-p",
        "no:cacheprovider",
        "-c",
        "/dev/null",
    ]
    done = subprocess.run(
        [*command, str(tmp_path / "test_it.py")],
        cwd=ROOT,
        env={**os.environ, "FRONTDESK_CI": ci, "FRONTDESK_TEST_DATA": folder, "PYTEST_ADDOPTS": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert outcome in done.stdout.splitlines()[-1], done.stdout

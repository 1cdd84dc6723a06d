"""The watch over every suite: a test that passes and leaves a secret in its output has failed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.secret_watch import leaks_in
from tests.tooling.made_up_secret import MADE_UP_SECRET

ROOT = Path(__file__).parents[2]

PREAMBLE = "import logging, sys, subprocess\nfrom tests.tooling.made_up_secret import MADE_UP_SECRET as it\n"

LEAKING = {
    "writes it": "print('here:', it)",
    "logs it": "logging.getLogger('any.thing').warning('it is %s', it)",
    "logs a failure that names it": "logging.getLogger('x').error('no', exc_info=ValueError(it))",
    "starts a process that writes it": "subprocess.run([sys.executable, '-c', f'print({it!r})'], check=True)",
}


def outcome(folder: Path, body: str) -> str:
    """What pytest says of one test with this body, under the rules of every suite."""
    file = folder / "test_one.py"
    file.write_text(f"{PREAMBLE}\n\ndef test_one() -> None:\n    {body}\n", encoding="utf-8")
    rules = ["-p", "tests.conftest", "-p", "no:cacheprovider", "-p", "no:django", "-c", "/dev/null"]
    command = [sys.executable, "-m", "pytest", "-q", *rules, f"--rootdir={folder}", str(file)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return ran.stdout


@pytest.mark.parametrize("body", LEAKING.values(), ids=LEAKING)
def test_a_test_fails_that(body: str, tmp_path: Path) -> None:
    said = outcome(tmp_path, body)
    assert "1 failed" in said, said
    assert "a secret of the suite was logged or written" in said


def test_a_test_that_keeps_it_passes(tmp_path: Path) -> None:
    assert "1 passed" in outcome(tmp_path, "print(len(it))")


def test_a_token_that_was_issued_meanwhile_is_a_leak_in_a_log_and_none_on_a_terminal() -> None:
    token = "fdrt_" + "x" * 43
    assert leaks_in([("Captured stdout call", token)]) == []
    assert leaks_in([("Captured log call", f"asked with {token}"), ("Captured stderr call", token)]) == [
        f"asked with {token}",
        token,
    ]


def test_a_secret_is_a_leak_wherever_it_stands() -> None:
    assert leaks_in([("Captured stdout call", f"one\ntwo {MADE_UP_SECRET}\n")]) == [f"two {MADE_UP_SECRET}"]

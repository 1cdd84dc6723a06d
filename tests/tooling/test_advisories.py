"""`make advisories` in a copy of the checkout, with a pip-audit that is told what to answer. Nothing is fetched."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

CLEAN = {"name": "segno", "version": "1.6.6", "vulns": []}
HOLED = {
    "name": "django",
    "version": "6.1.3",
    "vulns": [
        {
            "id": "PYSEC-2026-1",
            "fix_versions": ["6.1.4"],
            "aliases": ["CVE-2026-0001"],
            "description": "Reads more than it should.",
        },
        {"id": "PYSEC-2026-2", "fix_versions": [], "aliases": [], "description": "Waits for ever."},
    ],
}
SKIPPED = {"name": "made-up", "skip_reason": "Dependency not found and could not be audited: made-up (1.0)"}


@dataclass(frozen=True, slots=True)
class Case:
    """What pip-audit prints and how it ends; what of that is told and how it ends then."""

    stdout: str
    status: int
    said: tuple[str, ...]
    ends: int


def printed(*rows: object) -> str:
    return json.dumps({"dependencies": rows, "fixes": []})


CASES = {
    "nothing is known": Case(printed(CLEAN, CLEAN), 0, ("1 packages looked up, 0 not; 0 advisories",), 0),
    "advisories": Case(
        printed(CLEAN, HOLED, HOLED),
        1,
        (
            "django 6.1.3  PYSEC-2026-1, CVE-2026-0001  mended in 6.1.4",
            "django 6.1.3  PYSEC-2026-2  no mended version yet",
            "2 packages looked up, 0 not; 2 advisories",
        ),
        1,
    ),
    "one was not looked up, which pip-audit takes for good": Case(
        printed(CLEAN, SKIPPED),
        0,
        ("made-up: Dependency not found and could not be audited", "1 packages looked up, 1 not; 0 advisories"),
        2,
    ),
    "advisories, and one was not looked up": Case(
        printed(HOLED, SKIPPED), 1, ("PYSEC-2026-1", "made-up: Dependency not found"), 1
    ),
    "none was looked up": Case(printed(), 0, ("0 packages looked up",), 2),
    "no network": Case("", 1, ("the advisories could not be looked up",), 2),
}


PIP_AUDIT = """#!/bin/sh
[ "$1" = --version ] && exit 0
echo "$@" >> "$0.asked"
cat "$0.says"
exit "$(cat "$0.ends")"
"""
GONE = "#!/nowhere/python\n"
STARTS_WITH_A_HOLE = "#!/bin/sh\necho \"ModuleNotFoundError: No module named 'packaging'\" >&2\nexit 1\n"
UV = """#!/bin/sh
case "$1" in
    --version) echo "uv 99.0.0" ;;
    venv) for last; do :; done; mkdir -p "$last/bin" ;;
    pip) cp "$0.installs" .tools/advisories/bin/pip-audit; chmod +x .tools/advisories/bin/pip-audit ;;
esac
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "scripts").mkdir()
    for name in ("scripts/advisories.py", "scripts/setup.py"):
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "requirements").mkdir()
    for name in ("advisories.txt", "runtime.txt"):
        (tmp_path / "requirements" / name).write_text("made-up==1.0\n")
    tool = tmp_path / ".tools" / "advisories" / "bin" / "pip-audit"
    tool.parent.mkdir(parents=True)
    tool.write_text(PIP_AUDIT)
    tool.chmod(0o755)
    lock = hashlib.sha256((tmp_path / "requirements" / "advisories.txt").read_bytes()).hexdigest()
    (tmp_path / ".tools" / "advisories" / ".frontdesk-stamp").write_text(lock)
    return tmp_path


def run(checkout: Path, case: Case, *arguments: str) -> subprocess.CompletedProcess[str]:
    tool = checkout / ".tools" / "advisories" / "bin"
    (tool / "pip-audit.says").write_text(case.stdout)
    (tool / "pip-audit.ends").write_text(str(case.status))
    return start(checkout, *arguments)


def start(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(checkout / "scripts" / "advisories.py"), *arguments]
    path = f"{checkout / 'path'}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(command, capture_output=True, check=False, text=True, env={**os.environ, "PATH": path})


def uv_installs(checkout: Path, tool: str) -> None:
    """Puts ``tool`` where pip-audit is wanted, and fetches nothing."""
    uv = checkout / "path" / "uv"
    uv.parent.mkdir()
    uv.write_text(UV)
    uv.chmod(0o755)
    (uv.parent / "uv.installs").write_text(tool)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_is_known_is_told_and_what_is_not_known_never_counts_as_good(checkout: Path, case: Case) -> None:
    done = run(checkout, case)
    assert done.returncode == case.ends
    assert [words for words in case.said if words not in done.stdout + done.stderr] == []


def test_every_locked_file_is_looked_at_and_nothing_is_installed_of_it(checkout: Path) -> None:
    run(checkout, CASES["nothing is known"])
    asked = (checkout / ".tools" / "advisories" / "bin" / "pip-audit.asked").read_text().splitlines()
    files = [checkout / "requirements" / name for name in ("advisories.txt", "runtime.txt")]
    assert [line.partition("--requirement ")[2] for line in asked] == [str(file) for file in files]
    assert all({"--require-hashes", "--disable-pip"} <= set(line.split()) for line in asked)


def test_the_report_is_there_as_json(checkout: Path) -> None:
    done = run(checkout, CASES["advisories"], "--json")
    told = json.loads(done.stdout)
    assert (told["looked_up"], told["not_looked_up"]) == (2, [])
    assert told["advisories"][0] == {
        "package": "django",
        "version": "6.1.3",
        "ids": ["PYSEC-2026-1", "CVE-2026-0001"],
        "mended_in": ["6.1.4"],
        "summary": "Reads more than it should.",
    }


@pytest.mark.parametrize(
    ("tool", "why"),
    [(GONE, "No such file or directory"), (STARTS_WITH_A_HOLE, "No module named 'packaging'")],
    ids=["its Python is not there", "a part is missing"],
)
def test_a_tool_that_was_installed_and_does_not_run_is_said_plainly(checkout: Path, tool: str, why: str) -> None:
    shutil.rmtree(checkout / ".tools" / "advisories")
    uv_installs(checkout, tool)
    done = start(checkout)
    assert (done.returncode, done.stdout) == (2, "")
    (said,) = done.stderr.splitlines()
    assert said.startswith("advisories: pip-audit was installed and does not run: ")
    assert why in said
    assert not (checkout / ".tools" / "advisories" / ".frontdesk-stamp").exists(), "it is installed again next time"


def test_a_tool_that_runs_no_longer_is_installed_again(checkout: Path) -> None:
    (checkout / ".tools" / "advisories" / "bin" / "pip-audit").write_text(GONE)
    uv_installs(checkout, f"#!/bin/sh\n[ \"$1\" = --version ] || echo '{printed(CLEAN)}'\n")
    done = start(checkout)
    assert (done.returncode, done.stderr) == (0, "")
    assert "0 advisories" in done.stdout

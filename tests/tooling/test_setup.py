"""`make setup` in a copy of the checkout, with a uv on PATH that is told what to do.

The stand-in is a shell script that makes a real virtual environment and notes its calls; nothing is fetched.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BASE_PYTHON = Path(sys.base_prefix) / "bin" / f"python{sys.version_info.major}.{sys.version_info.minor}"

GOOD_UV = f"""#!/bin/sh
echo "$1" >> "$CALLS"
case "$1" in
    --version) echo "uv 99.0.0" ;;
    venv) for target; do :; done; exec {BASE_PYTHON} -m venv --without-pip "$target" ;;
    pip) for module in .venv/lib/python*/site-packages; do mkdir -p "$module/made_up"; done ;;
esac
"""
FAILING_SYNC = GOOD_UV.replace("pip) ", 'pip) echo "{stderr}" >&2; exit 2; ')
NO_PYTHON = GOOD_UV.replace("venv) ", 'venv) echo "error: No interpreter found for Python >=3.12" >&2; exit 2; ')


class Checkout:
    """A copy of what set-up reads, and a PATH that holds only what the test puts there."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "checkout"
        self.bin = folder / "bin"
        self.calls_file = folder / "calls"
        (self.root / "scripts").mkdir(parents=True)
        self.bin.mkdir()
        for name in ("scripts/setup.py", "scripts/setup.sh", ".python-version"):
            shutil.copy(ROOT / name, self.root / name)
        (self.root / "requirements").mkdir()
        (self.root / "requirements" / "dev.txt").write_text("made-up==1.0\n")
        shutil.copy(ROOT / "requirements" / "bootstrap.txt", self.root / "requirements")
        for command in ("sh", "dirname", "mkdir"):
            self.link(command, str(shutil.which(command)))

    def link(self, name: str, target: str) -> None:
        (self.bin / name).symlink_to(target)

    def with_python(self) -> Checkout:
        self.link("python3", str(BASE_PYTHON))
        return self

    def with_uv(self, script: str) -> Checkout:
        path = self.bin / "uv"
        path.write_text(script)
        path.chmod(0o755)
        return self

    def setup(self, **environment: str) -> subprocess.CompletedProcess[str]:
        self.calls_file.write_text("")
        return subprocess.run(
            ["sh", "scripts/setup.sh"],
            cwd=self.root,
            env={"PATH": str(self.bin), "CALLS": str(self.calls_file), "HOME": str(self.root), **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def calls(self) -> list[str]:
        return self.calls_file.read_text().split()

    @property
    def works(self) -> bool:
        python = self.root / ".venv" / "bin" / "python"
        return python.exists() and subprocess.run([python, "-c", ""], check=False).returncode == 0


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


@pytest.fixture
def finished(checkout: Checkout) -> Checkout:
    assert checkout.with_python().with_uv(GOOD_UV).setup().returncode == 0
    return checkout


def test_a_fresh_checkout_gets_a_working_environment(checkout: Checkout) -> None:
    done = checkout.with_python().with_uv(GOOD_UV).setup()
    assert done.returncode == 0
    assert checkout.calls == ["--version", "venv", "pip"]
    assert checkout.works


def test_a_second_set_up_asks_nobody_and_says_nothing(finished: Checkout) -> None:
    done = finished.setup()
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert finished.calls == []


def test_changed_requirements_are_installed_into_the_same_environment(finished: Checkout) -> None:
    (finished.root / "requirements" / "dev.txt").write_text("made-up==2.0\n")
    assert finished.setup().returncode == 0
    assert finished.calls == ["--version", "pip"]


@pytest.mark.parametrize(
    "breakage", ["python removed", "python dangling", "killed while installing", "folder gone", "package gone"]
)
def test_a_broken_environment_is_made_anew(finished: Checkout, breakage: str) -> None:
    python = finished.root / ".venv" / "bin" / "python"
    if breakage == "python removed":
        python.unlink()
    elif breakage == "python dangling":
        python.unlink()
        python.symlink_to("/nowhere/python")
    elif breakage == "killed while installing":
        (finished.root / ".tools" / "venv-unfinished").touch()
    elif breakage == "package gone":
        (package,) = (finished.root / ".venv").glob("lib/python*/site-packages/made_up")
        package.rmdir()
    else:
        shutil.rmtree(finished.root / ".venv")
    assert finished.setup().returncode == 0
    assert finished.calls == ["--version", "venv", "pip"]
    assert finished.works
    assert finished.setup().returncode == 0
    assert finished.calls == []


def test_a_half_written_stamp_only_installs_again(finished: Checkout) -> None:
    (finished.root / ".venv" / ".frontdesk-stamp").write_text("ab")
    assert finished.setup().returncode == 0
    assert finished.calls == ["--version", "pip"]


SYNC_FAILURES = [
    pytest.param(
        "error: failed to write: No space left on device (os error 28)", "setup: the disk is full.", id="disk full"
    ),
    pytest.param(
        "error: Request failed: dns error: failed to lookup address", "setup: the package index cannot be", id="offline"
    ),
    pytest.param(
        "error: hash mismatch for made-up",
        "setup: packages could not be installed: error: hash mismatch for made-up.",
        id="anything else is passed on",
    ),
]


@pytest.mark.parametrize(("stderr", "sentence"), SYNC_FAILURES)
def test_a_failed_install_says_what_to_do_in_one_line(checkout: Checkout, stderr: str, sentence: str) -> None:
    done = checkout.with_python().with_uv(FAILING_SYNC.format(stderr=stderr)).setup()
    assert done.returncode == 1
    assert done.stderr.splitlines()[:-1] == ["setup: installing packages into .venv"]
    assert done.stderr.splitlines()[-1].startswith(sentence)
    assert not (checkout.root / ".venv" / ".frontdesk-stamp").exists()
    checkout.with_uv(GOOD_UV)
    assert checkout.setup().returncode == 0
    assert checkout.works


def test_going_offline_does_not_cost_the_environment_one_has(finished: Checkout) -> None:
    (finished.root / "requirements" / "dev.txt").write_text("made-up==2.0\n")
    assert finished.with_uv(FAILING_SYNC.format(stderr="dns error")).setup().returncode == 1
    assert finished.works
    assert finished.with_uv(GOOD_UV).setup().returncode == 0
    assert finished.calls == ["--version", "pip"]


def test_without_any_python_one_line_says_so(checkout: Checkout) -> None:
    done = checkout.setup()
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        (
            "setup: no Python found. Install Python 3.12 or newer (Debian: apt-get install python3 python3-venv), "
            "then run make setup again."
        )
    ]


def test_without_a_new_enough_python_one_line_says_so(checkout: Checkout) -> None:
    done = checkout.with_python().with_uv(NO_PYTHON).setup()
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        (
            "setup: no Python 3.12 or newer is here, and none could be downloaded. "
            "Install one (Debian: apt-get install python3.13; or uv python install 3.13), then run make setup again."
        )
    ]
    assert checkout.calls == ["--version", "venv", "venv", "venv"]


def test_an_outdated_uv_is_not_used_and_without_a_network_one_line_says_so(checkout: Checkout) -> None:
    outdated = GOOD_UV.replace("uv 99.0.0", "uv 0.1.0")
    nobody_listens = "http://127.0.0.1:9/simple"
    done = checkout.with_python().with_uv(outdated).setup(PIP_INDEX_URL=nobody_listens, PIP_CONFIG_FILE=os.devnull)
    assert done.returncode == 1
    assert checkout.calls == ["--version"]
    assert done.stderr.splitlines() == [
        "setup: fetching uv into .tools",
        (
            "setup: the package index cannot be reached, and the first set-up needs it. "
            "Connect to the network, then run make setup again."
        ),
    ]


def test_a_folder_that_cannot_be_written_is_named(checkout: Checkout) -> None:
    (checkout.root / ".tools").write_text("in the way")
    done = checkout.with_python().setup()
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        f"setup: cannot write {checkout.root}/.tools: File exists. Make the folder writable, then run make setup again."
    ]


def test_the_locked_requirements_name_no_package_index() -> None:
    for path in sorted((ROOT / "requirements").glob("*.txt")):
        assert "://" not in path.read_text(), path.name
        assert "--index" not in path.read_text(), path.name

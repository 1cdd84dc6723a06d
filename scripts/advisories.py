"""Compare every locked version with the advisories that are known today (`make advisories`).

pip-audit does the looking up, in an environment of its own under ``.tools/`` from ``requirements/advisories.txt``: what
it needs is no part of what we ship. It reads the files, installs nothing of them, and asks the OSV database about each
name and version. ``ADVISORIES_URL`` names another server with that interface.

    advisories.py [--json] [FILE ...]     FILE: all of requirements/*.txt where none is given

Exit status: 0 nothing is known, 1 there are advisories, 2 some could not be looked up, and why stands on stderr.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import setup

ROOT = setup.ROOT
REQUIREMENTS = ROOT / "requirements"
HOME = setup.TOOLS / "advisories"
TOOL = HOME / "bin" / "pip-audit"
STAMP = HOME / ".frontdesk-stamp"
TIMEOUT_SECONDS = 30

CLEAN, FOUND, UNKNOWN = 0, 1, 2


class CannotTellError(Exception):
    """Why the advisories could not be looked up, in one line."""


@dataclass(frozen=True)
class Advisory:
    """``ids`` begins with the one it is known by; ``mended_in`` is empty where no version is."""

    package: str
    version: str
    ids: tuple[str, ...]
    mended_in: tuple[str, ...]
    summary: str


@dataclass(frozen=True)
class Report:
    """``looked_up`` counts packages; ``not_looked_up`` says of each why not."""

    looked_up: int
    advisories: tuple[Advisory, ...]
    not_looked_up: tuple[str, ...]

    @property
    def status(self) -> int:
        # Nothing looked up is nothing known, not nothing there.
        if self.advisories:
            return FOUND
        return UNKNOWN if self.not_looked_up or not self.looked_up else CLEAN


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="advisories.py", description="Compare locked versions with the advisories.")
    parser.add_argument("--json", action="store_true", help="the report as JSON on stdout")
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="default: all of requirements/*.txt")
    options = parser.parse_args(arguments)
    try:
        prepare_tool()
        report = read([ask(file) for file in options.files or sorted(REQUIREMENTS.glob("*.txt"))])
    except (CannotTellError, setup.SetupError, OSError, ValueError) as error:  # a full disk, an answer that is cut off
        print(f"advisories: {error}", file=sys.stderr)
        return UNKNOWN
    print(json.dumps(asdict(report), indent=2) if options.json else in_words(report))
    for reason in report.not_looked_up:
        print(f"advisories: {reason}", file=sys.stderr)
    return report.status


def prepare_tool() -> None:
    """pip-audit as it is locked; made anew where the lock has changed or it no longer runs: its Python may be gone.

    Raises ``CannotTellError`` where what was installed does not run either.
    """
    lock = REQUIREMENTS / "advisories.txt"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if TOOL.exists() and STAMP.exists() and STAMP.read_text() == wanted and start_tool().returncode == 0:
        return
    setup.TOOLS.mkdir(exist_ok=True)
    uv = setup.find_uv()
    shutil.rmtree(HOME, ignore_errors=True)
    for step in (
        [uv, "venv", "--quiet", "--python", sys.executable, str(HOME)],
        [uv, "pip", "sync", "--quiet", "--require-hashes", "--python", str(HOME / "bin" / "python"), str(lock)],
    ):
        done = setup.run(step)
        if done.returncode != 0:
            raise CannotTellError(setup.explain(done, "pip-audit could not be installed"))
    started = start_tool()
    if started.returncode != 0:
        raise CannotTellError(setup.explain(started, "pip-audit was installed and does not run"))
    STAMP.write_text(wanted)


def start_tool() -> subprocess.CompletedProcess[str]:
    return setup.run([str(TOOL), "--version"])


def ask(file: Path) -> str:
    """What pip-audit says of one file, in JSON; of several it takes a package that stands in two for a mistake.

    It fails alike for advisories and for trouble, so its words decide.
    """
    command = [str(TOOL), "--format", "json", "--progress-spinner", "off", "--timeout", str(TIMEOUT_SECONDS)]
    command += ["--vulnerability-service", "osv", "--require-hashes", "--disable-pip"]
    if os.environ.get("ADVISORIES_URL"):
        command += ["--osv-url", os.environ["ADVISORIES_URL"]]
    done = setup.run([*command, "--requirement", str(file)])
    if not done.stdout.lstrip().startswith("{"):
        raise CannotTellError(setup.explain(done, "the advisories could not be looked up"))
    return done.stdout


def read(texts: list[str]) -> Report:
    """What is said of one version for several files is said once."""
    found: dict[tuple[str, str, str], Advisory] = {}
    skipped: list[str] = []
    looked_up = set()
    rows: list[dict[str, Any]] = [row for text in texts for row in json.loads(text)["dependencies"]]
    for row in rows:
        name = str(row["name"])
        if "skip_reason" in row:
            skipped.append(f"{name}: {row['skip_reason']}")
            continue
        version = str(row["version"])
        looked_up.add((name, version))
        for known in row["vulns"]:
            ids = (str(known["id"]), *(str(alias) for alias in known["aliases"]))
            mended = tuple(str(one) for one in known["fix_versions"])
            summary = str(known.get("description", ""))
            found[name, version, ids[0]] = Advisory(name, version, ids, mended, summary)
    return Report(len(looked_up), tuple(found[key] for key in sorted(found)), tuple(sorted(set(skipped))))


def in_words(report: Report) -> str:
    lines = [
        f"{one.package} {one.version}  {', '.join(one.ids)}  "
        f"{'mended in ' + ', '.join(one.mended_in) if one.mended_in else 'no mended version yet'}\n    {one.summary}"
        for one in report.advisories
    ]
    lines.append(
        f"{report.looked_up} packages looked up, {len(report.not_looked_up)} not; {len(report.advisories)} advisories"
    )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

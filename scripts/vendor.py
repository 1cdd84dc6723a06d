"""Build the third-party parts of the authoring pages from npm and put them where Django serves them (`make vendor`).

The same lock gives the same bytes, so `--check` builds again in a folder of its own and compares.
"""

from __future__ import annotations

import argparse
import filecmp
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FRONTEND = ROOT / "platform_admin" / "authoring" / "frontend"
VENDOR = ROOT / "platform_admin" / "authoring" / "static" / "authoring" / "vendor"
LICENCES = "LICENCES.md"
THIRD_PARTY = ROOT / "THIRD_PARTY.md"


def build(into: Path) -> None:
    """Install what the lock names and bundle it, in a copy: nothing is left behind in the checkout."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "frontend"
        shutil.copytree(FRONTEND, copy, ignore=shutil.ignore_patterns("node_modules"))
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--silent"], cwd=copy, check=True)
        subprocess.run(["node", "build.mjs", str(into)], cwd=copy, check=True)


def differing(built: Path) -> list[str]:
    """Files that are not what the build makes, or that it does not make."""
    names = {file.name for file in built.iterdir()} | {file.name for file in VENDOR.iterdir()} - {LICENCES}
    places = {name: THIRD_PARTY if name == LICENCES else VENDOR / name for name in names}
    return sorted(
        str(place.relative_to(ROOT))
        for name, place in places.items()
        if not (place.is_file() and (built / name).is_file() and filecmp.cmp(place, built / name, shallow=False))
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 when something differs")
    arguments = parser.parse_args()
    if shutil.which("npm") is None:
        print("vendor: npm is needed (Debian: apt-get install npm).", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as folder:
        built = Path(folder)
        build(built)
        changed = differing(built)
        if arguments.check:
            for name in changed:
                print(f"{name} is not what `make vendor` makes")
            return 1 if changed else 0
        shutil.rmtree(VENDOR, ignore_errors=True)
        shutil.copytree(built, VENDOR, ignore=shutil.ignore_patterns(LICENCES))
        shutil.copy(built / LICENCES, THIRD_PARTY)
        print("\n".join(f"{name} is new" for name in changed) or "Nothing has changed.")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Run a command that needs strace (`make crash-test`): Debian's, installed when it is missing."""

from __future__ import annotations

import shutil
import subprocess
import sys

import debian

CANNOT_RUN = 2
"""Neither a success nor what a failed test returns."""


def main(command: list[str]) -> int:
    try:
        if shutil.which("strace") is None:
            debian.install("strace")
    except debian.MissingProgramError as error:
        print(f"strace: {error}", file=sys.stderr)
        return CANNOT_RUN
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

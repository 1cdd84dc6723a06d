"""Run a command with a Chromium to drive (`make test-e2e`): Debian's, installed when it is missing.

The command finds the browser's path in FRONTDESK_CHROMIUM.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import debian


def find_chromium() -> str:
    """The path of Chromium.

    Raises:
        debian.MissingProgramError: there is none and it cannot be installed.
    """
    for attempt in range(2):
        path = shutil.which("chromium") or shutil.which("google-chrome")
        if path:
            return path
        if attempt == 0:
            debian.install("chromium")
    message = "chromium was installed, but is not on PATH."
    raise debian.MissingProgramError(message)


def main(command: list[str]) -> int:
    try:
        environment = {**os.environ, "FRONTDESK_CHROMIUM": find_chromium()}
    except debian.MissingProgramError as error:
        print(f"chromium: {error}", file=sys.stderr)
        return 1
    return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

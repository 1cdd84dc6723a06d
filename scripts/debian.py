"""Programs that come from Debian: found, or installed when this may be done."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys


class MissingProgramError(Exception):
    """A program is absent and cannot be installed from here; the message says what to do."""


def install(package: str) -> None:
    """Install a Debian package, which only root on a Debian system may.

    Raises:
        MissingProgramError: not root, not Debian, or apt-get failed.
    """
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        message = f"{package} is missing. Install it (Debian: apt-get install {package}), then run this again."
        raise MissingProgramError(message)
    print(f"installing Debian's {package}", file=sys.stderr)
    quietly = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-qq"], ["install", "-qq", "-y", "--no-install-recommends", package]):
        done = subprocess.run(["apt-get", *arguments], env=quietly, check=False, stdout=sys.stderr)
        if done.returncode != 0:
            message = f"apt-get {' '.join(arguments)} failed; install {package} by hand, then run this again."
            raise MissingProgramError(message)

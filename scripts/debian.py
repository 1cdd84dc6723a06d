"""Programs that come from Debian: found, or installed when this may be done."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

LOCK_PATIENCE = "DPkg::Lock::Timeout=300"  # seconds


class MissingProgramError(Exception):
    """A program is absent and cannot be installed from here; the message says what to do."""


def install(*packages: str) -> None:
    """Install Debian packages, which only root on a Debian system may.

    Raises:
        MissingProgramError: not root, not Debian, or apt-get failed.
    """
    names = " ".join(packages)
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        message = f"missing: {names}. Install it (Debian: apt-get install {names}), then run this again."
        raise MissingProgramError(message)
    print(f"installing Debian's {names}", file=sys.stderr)
    quietly = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-qq"], ["install", "-qq", "-y", "--no-install-recommends", *packages]):
        # Another installation may be under way.
        done = subprocess.run(["apt-get", "-o", LOCK_PATIENCE, *arguments], env=quietly, check=False, stdout=sys.stderr)
        if done.returncode != 0:
            message = f"apt-get {' '.join(arguments)} failed; install {names} by hand, then run this again."
            raise MissingProgramError(message)

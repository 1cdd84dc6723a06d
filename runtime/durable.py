"""``make_durable``: what must survive a power cut."""

from __future__ import annotations

import os
from pathlib import Path


def make_durable(path: Path) -> None:
    """Returns once the content of a file, or the names in a folder, are on the disk. Blocking.

    A rename is durable once its folder is (POSIX leaves that to us).
    """
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

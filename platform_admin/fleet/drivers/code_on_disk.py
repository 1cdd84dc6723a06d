"""Tells whether the runtime's program on disk is still what it was."""

from __future__ import annotations

import contextlib
import hashlib
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

PACKAGES = ("connectors", "flow_engine", "runtime")
"""What a runtime is made of (deploy/docker/runtime.Dockerfile copies the same)."""


def code_on_disk(root: Path) -> str:
    """Changes with any source file of the runtime, any installed package and the interpreter; some milliseconds.

    By times and sizes, as Python judges its bytecode. Installing a package makes or renames a folder beside it.
    """
    digest = hashlib.sha256()
    for path in _looked_at(root):
        with contextlib.suppress(FileNotFoundError):  # replaced at this moment: which is a change
            seen = path.stat()
            digest.update(f"{path}\0{seen.st_mtime_ns}\0{seen.st_size}\n".encode())
    return digest.hexdigest()


def _looked_at(root: Path) -> Iterator[Path]:
    yield Path(sys.executable).resolve()
    yield Path(sysconfig.get_path("purelib"))
    for package in PACKAGES:
        yield from sorted((root / package).rglob("*.py"))

"""A program of an earlier version, whole, as it was: unpacked where a test wants it."""

from __future__ import annotations

import tarfile
from pathlib import Path

from tests.e2e.meta_bodies import ROOT

VERSIONS = ROOT / "tests" / "platform_admin" / "runtime_api" / "versions"


def unpack(version: str, folder: Path) -> Path:
    """The root of the program of ``version``, to be run as today's is: ``python manage.py``, ``python -m runtime``."""
    program = folder / f"program-{version}"
    with tarfile.open(VERSIONS / version / "program.tar.xz") as archive:
        archive.extractall(program, filter="data")
    return program

"""Which program this is: the version people talk about, and the build it was made from."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

VERSION: Final = "0.1.0"
"""Equal to ``version`` in pyproject.toml (a test compares them)."""

UNKNOWN_BUILD: Final = "unknown"
_SHORT_HASH_CHARS: Final = 12
_HASH: Final = re.compile(r"[0-9a-f]{40}")


def build_id(package: Path | None = None) -> str:
    """The commit this runs from: the file ``BUILD`` that an image carries, else the checkout's head.

    Reads files, so it is called once at start. Never raises; ``unknown`` is an answer.
    """
    folder = package or Path(__file__).parent
    baked = _read(folder / "BUILD")
    if baked:
        return baked[:64]
    return _checked_out_commit(folder.parent / ".git")


def describe(build: str) -> str:
    """What ``--version`` prints."""
    return f"frontdesk-runtime {VERSION} ({build})"


def _checked_out_commit(git: Path) -> str:
    head = _read(git / "HEAD")
    if head.startswith("ref: "):
        reference = head.removeprefix("ref: ")
        head = _read(git / reference) or _packed(git, reference)
    return head[:_SHORT_HASH_CHARS] if _HASH.fullmatch(head) else UNKNOWN_BUILD


def _packed(git: Path, reference: str) -> str:
    for line in _read(git / "packed-refs").splitlines():
        commit, _, name = line.partition(" ")
        if name == reference:
            return commit
    return ""


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""

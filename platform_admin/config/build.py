"""Which program this is: the version of the project and the build it came from."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

UNKNOWN_BUILD = "unknown"
_SHORT_HASH_CHARS = 12
_HASH = re.compile(r"[0-9a-f]{40}")


@cache
def version() -> str:
    """The version in ``pyproject.toml``, the only place that states it."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])


def checked_out_commit(root: Path = ROOT) -> str:
    """The start of the commit that is checked out in ``root``, as a runtime of the same checkout shows it.

    Reads git's own files. Never raises; ``unknown`` is an answer, and an image's (it says ``FRONTDESK_BUILD``).
    """
    git = root / ".git"
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

"""Erasures as kept outside of the database (``audit.anchoring``): for after a restore of the database itself."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Final

_TYPES: Final = {"checkpoint", "erasure"}
"""Of the lines in ``AUDIT_ANCHOR_FILE``."""


def listed_erasures(file: Path, *, slug: str, since: datetime) -> list[tuple[str, str]]:
    """Contact and channel of whoever of ``slug`` was erased since then.

    A line that a crash left unfinished, or that is of another type, is passed over. Raises ``OSError``, and
    ``ValueError`` for a file that has no line at all of those that are kept: it must not look like one of nobody.
    """
    found: dict[tuple[str, str], None] = {}
    is_ours = False
    # A crash may cut a line within a character.
    with file.open(encoding="utf-8", errors="replace") as stream:
        for line in stream:
            told = _read(line)
            is_ours |= told.get("type") in _TYPES
            if told.get("type") == "erasure" and told.get("tenant") == slug and _is_since(told, since):
                found[str(told.get("contact")), str(told.get("channel") or "")] = None
    if not is_ours:
        raise ValueError("This is no copy of AUDIT_ANCHOR_FILE.")
    return list(found)


def _read(line: str) -> dict[str, object]:
    try:
        told = json.loads(line)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _is_since(told: dict[str, object], since: datetime) -> bool:
    try:
        return datetime.fromisoformat(str(told.get("finished_at"))) >= since
    except (TypeError, ValueError):
        return True  # better once too often

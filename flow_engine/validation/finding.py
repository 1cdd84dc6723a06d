"""``Finding``: a fault at a path of the document, before anyone knows the line."""

from __future__ import annotations

from dataclasses import dataclass

from flow_engine.diagnostics import Severity


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault. ``path`` are keys and indexes from the root.

    ``at_key`` points at the key instead of its value. ``offset`` is a character (from 0) inside the
    text at ``path``.
    """

    code: str
    severity: Severity
    message: str
    hint: str
    path: tuple[str | int, ...]
    at_key: bool = False
    offset: int | None = None

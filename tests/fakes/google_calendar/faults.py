"""What the next requests meet instead of, before or after an answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass
class Fault:
    """For the next ``times`` requests whose method and path fit.

    ``status`` with ``reason`` is an error as Google writes it, or with ``body`` any answer. ``after_work`` does what
    was asked and loses the answer. ``hang_s`` waits first; with ``status`` 0 the answer comes after it.
    """

    status: int = 503
    reason: str = "backendError"
    times: int = 1
    method: str = ""
    path: str = ""
    retry_after: int | None = None
    after_work: bool = False
    body: bytes | None = None
    hang_s: float = 0.0

    def fits(self, method: str, path: str) -> bool:
        return self.method in ("", method) and self.path in path


def error_body(status: int, reason: str, message: str = "") -> dict[str, Any]:
    """developers.google.com/workspace/calendar/api/guides/errors"""
    text = message or reason
    return {
        "error": {
            "errors": [{"domain": "global", "reason": reason, "message": text}],
            "code": status,
            "message": text,
        }
    }

"""What ``/health`` tells of the bundle: which one is live, where it came from, and why the last one was not taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from flow_engine.vocabulary import JSONObject


class ConfigOrigin(StrEnum):
    """Where the live configuration came from."""

    FILE = "file"
    CACHE = "cache"
    CONTROL_PLANE = "control_plane"


@dataclass(frozen=True, slots=True)
class BundleFault:
    """``code`` is stable (``bad_signature``, ``http_404``, …); ``reason`` is a sentence without secrets."""

    code: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class BundleStatus:
    """``fetched_at`` is when the control plane last gave a usable answer, a 304 included.

    ``last_error`` is ``None`` again once that happens.
    """

    serial: int | None = None
    digest: str = ""
    origin: ConfigOrigin | None = None
    fetched_at: datetime | None = None
    last_error: BundleFault | None = None

    def to_json(self) -> JSONObject:
        fault = self.last_error
        return {
            "serial": self.serial,
            "digest": self.digest or None,
            "source": self.origin.value if self.origin else None,
            "fetched_at": _iso(self.fetched_at),
            "last_error": None
            if fault is None
            else {"code": fault.code, "reason": fault.reason, "at": fault.at.isoformat(timespec="seconds")},
        }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None

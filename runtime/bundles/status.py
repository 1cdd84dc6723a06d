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


type Verdict = tuple[int | None, str | None, int | None]
"""The live serial, and code and serial of the last refusal: what somebody who has just published waits for."""


@dataclass(frozen=True, slots=True)
class BundleFault:
    """``code`` is stable (``bad_signature``, ``http_404``, …); ``reason`` is a sentence without secrets.

    ``serial`` is the refused bundle's, where it could be read and believed.
    """

    code: str
    reason: str
    at: datetime
    serial: int | None = None

    def to_json(self) -> JSONObject:
        return {"code": self.code, "reason": self.reason, "at": _iso(self.at)}


@dataclass(frozen=True, slots=True)
class BundleStatus:
    """``fetched_at`` is when the control plane last gave a usable answer, a 304 included.

    ``last_error`` is ``None`` again once that happens. ``last_refusal`` is the last bundle that was there and was not
    taken; an outage does not hide it, a usable answer of the control plane settles it.
    """

    serial: int | None = None
    digest: str = ""
    origin: ConfigOrigin | None = None
    fetched_at: datetime | None = None
    last_error: BundleFault | None = None
    last_refusal: BundleFault | None = None

    @property
    def verdict(self) -> Verdict:
        refusal = self.last_refusal
        return (self.serial, None, None) if refusal is None else (self.serial, refusal.code, refusal.serial)

    def to_json(self) -> JSONObject:
        return {
            "serial": self.serial,
            "digest": self.digest or None,
            "source": self.origin.value if self.origin else None,
            "fetched_at": _iso(self.fetched_at),
            "last_error": self.last_error.to_json() if self.last_error else None,
            "last_refusal": self.last_refusal.to_json() if self.last_refusal else None,
        }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None

"""Whether a runtime may come in: the checks behind both ways in, DRF's and the long poll's."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from platform_admin.tenants.actions import note_token_use
from platform_admin.tenants.models import RuntimeToken, Scope
from platform_admin.tenants.queries import runtime_token_of

_SCHEME = "bearer"
_PARTS = 2


class Refusal(StrEnum):
    """Why a token was not taken, for the machine that showed it. Only who holds a token learns that it ever was one."""

    MISSING = "missing"
    MALFORMED = "malformed"
    UNKNOWN = "unknown"
    REVOKED = "revoked"
    EXPIRED = "expired"
    SCOPE = "scope"

    @property
    def code(self) -> str:
        """The error code on the wire; the value itself is the reason beside it."""
        match self:
            case Refusal.REVOKED:
                return "revoked_token"
            case Refusal.EXPIRED:
                return "expired_token"
            case Refusal.SCOPE:
                return "insufficient_scope"
            case Refusal.MISSING | Refusal.MALFORMED | Refusal.UNKNOWN:
                return "invalid_token"


def open_door(authorization: str, *, scope: Scope, now: datetime) -> RuntimeToken | Refusal:
    """The live token in an ``Authorization: Bearer <token>`` header (RFC 6750), its use noted, or why not."""
    parts = authorization.split()
    if not parts or parts[0].lower() != _SCHEME:
        return Refusal.MISSING
    if len(parts) != _PARTS:
        return Refusal.MALFORMED
    token = runtime_token_of(parts[1])
    refusal = Refusal.UNKNOWN if token is None else _refusal(token, scope=scope, now=now)
    if token is None or refusal is not None:
        return refusal or Refusal.UNKNOWN
    note_token_use(token=token, at=now)
    return token


def _refusal(token: RuntimeToken, *, scope: Scope, now: datetime) -> Refusal | None:
    if token.revoked_at is not None:
        return Refusal.REVOKED
    if token.expires_at is not None and token.expires_at <= now:
        return Refusal.EXPIRED
    opens: Iterable[str] = token.scopes
    return None if scope in opens else Refusal.SCOPE

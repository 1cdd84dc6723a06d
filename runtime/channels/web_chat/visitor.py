"""Visitors' ids: made by us, signed, and good for a month from the last visit.

``<id>.<expires>.<signature>``, the signature HMAC-SHA256 over purpose, tenant, id and expiry. It says that we gave this
id to whoever shows it, and so who may read the conversation; it does not say who that is.
"""

from __future__ import annotations

import base64
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

LIFETIME: Final = timedelta(days=30)
"""Long enough to come back to an appointment; a device that changes hands forgets within a month."""

_ID_BYTES: Final = 16  # 128 random bits: nobody meets another's conversation by chance or by trying
_TOKEN: Final = re.compile(r"([A-Za-z0-9_-]{22})\.(\d{10})\.([A-Za-z0-9_-]{43})", re.ASCII)
_PURPOSE: Final = "web-chat-visitor-1"


@dataclass(frozen=True, slots=True)
class Visitor:
    """``contact_id`` is what the conversation hangs on. ``expires_at`` is aware, in whole seconds."""

    contact_id: str
    expires_at: datetime


class Visitors:
    """Issues and reads ids of one tenant."""

    def __init__(self, secret: str, tenant_id: str) -> None:
        self._secret = secret.encode()
        self._tenant_id = tenant_id

    def issue(self, now: datetime, contact_id: str | None = None) -> tuple[str, Visitor]:
        """A signed id that is good for ``LIFETIME`` from ``now``: a new one, or ``contact_id`` once more."""
        visitor_id = contact_id or secrets.token_urlsafe(_ID_BYTES)
        expires = int((now + LIFETIME).timestamp())
        token = f"{visitor_id}.{expires}.{self._sign(visitor_id, expires)}"
        return token, Visitor(visitor_id, datetime.fromtimestamp(expires, UTC))

    def read(self, token: str, now: datetime) -> Visitor | None:
        """Who shows this; ``None`` for anything we did not sign or that is over."""
        found = _TOKEN.fullmatch(token)
        if found is None:
            return None
        visitor_id, expires = found[1], int(found[2])
        if not hmac.compare_digest(self._sign(visitor_id, expires), found[3]):
            return None
        visitor = Visitor(visitor_id, datetime.fromtimestamp(expires, UTC))
        return visitor if now < visitor.expires_at else None

    def _sign(self, visitor_id: str, expires: int) -> str:
        signed = f"{_PURPOSE}\n{self._tenant_id}\n{visitor_id}\n{expires}".encode()
        digest = hmac.digest(self._secret, signed, "sha256")
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")

"""The access token is one that Meta takes, and will take tomorrow."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from platform_admin.whatsapp.checks.check import Connection, Finding

SOON: Final = timedelta(days=7)
_LASTING: Final = "SYSTEM_USER"


def token(connection: Connection) -> Finding:
    facts = connection.graph.inspect_token()
    if facts.get("is_valid") is not True:
        return Finding.fault("Meta does not take the token any more. Make a new one and store it with set_credential.")
    expires = facts.get("expires_at")
    if isinstance(expires, int) and expires > 0:
        at = datetime.fromtimestamp(expires, UTC)
        if at <= connection.now:
            return Finding.fault(f"The token ended on {at:%Y-%m-%d}. Make a new one and store it.")
        if at - connection.now < SOON:
            return Finding.warning(f"The token ends on {at:%Y-%m-%d}. Make one of a system user, which lasts.")
    if facts.get("type") != _LASTING:
        return Finding.warning("The token belongs to a person, not to a system user; such tokens end within hours.")
    return Finding.good("It is a system user's and valid.")

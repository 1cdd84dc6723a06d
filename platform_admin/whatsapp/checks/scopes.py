"""The token may send, and may set the account up."""

from __future__ import annotations

from typing import Final

from platform_admin.whatsapp.checks.check import Connection, Finding

NEEDED: Final = ("whatsapp_business_messaging", "whatsapp_business_management")


def scopes(connection: Connection) -> Finding:
    given = connection.graph.inspect_token().get("scopes")
    has = {scope for scope in given if isinstance(scope, str)} if isinstance(given, list) else set()
    if missing := [scope for scope in NEEDED if scope not in has]:
        return Finding.fault(f"The token lacks {' and '.join(missing)}. Make one that has both, and store it.")
    return Finding.good(", ".join(NEEDED))

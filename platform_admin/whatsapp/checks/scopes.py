"""The token may send, and may set the account up."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_noop as _

from platform_admin.whatsapp.checks.check import Connection
from platform_admin.whatsapp.checks.finding import Finding

NEEDED: Final = ("whatsapp_business_messaging", "whatsapp_business_management")


def scopes(connection: Connection) -> Finding:
    given = connection.graph.inspect_token().get("scopes")
    has = {scope for scope in given if isinstance(scope, str)} if isinstance(given, list) else set()
    if missing := [scope for scope in NEEDED if scope not in has]:
        return Finding.fault(
            _("The token lacks %(scopes)s. Make one that may do both, and enter it."), scopes=", ".join(missing)
        )
    return Finding.good(_("It may send messages and set the account up."))

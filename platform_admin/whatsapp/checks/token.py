"""The access token is one that Meta takes, and will take tomorrow."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from django.utils.translation import gettext_noop as _

from platform_admin.whatsapp.checks.check import Connection
from platform_admin.whatsapp.checks.finding import Finding

SOON: Final = timedelta(days=7)
_LASTING: Final = "SYSTEM_USER"


def token(connection: Connection) -> Finding:
    facts = connection.graph.inspect_token()
    if facts.get("is_valid") is not True:
        return Finding.fault(_("Meta does not take the token any more. Make a new one and enter it."))
    expires = facts.get("expires_at")
    if isinstance(expires, int) and expires > 0:
        at = datetime.fromtimestamp(expires, UTC)
        if at <= connection.now:
            return Finding.fault(
                _("The token ended on %(day)s. Make a new one and enter it."), day=at.date().isoformat()
            )
        if at - connection.now < SOON:
            return Finding.warning(
                _("The token ends on %(day)s. Make one of a system user, which lasts."), day=at.date().isoformat()
            )
    if facts.get("type") != _LASTING:
        return Finding.warning(_("The token belongs to a person, not to a system user; such tokens end within hours."))
    return Finding.good(_("It is a system user's and valid."))

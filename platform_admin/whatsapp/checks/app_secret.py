"""The stored app secret is the one that Meta signs with. Meta itself says so: it takes a proof made with it."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from connectors.whatsapp.management_client import ManagementError
from platform_admin.whatsapp.checks.check import Connection
from platform_admin.whatsapp.checks.finding import Finding

_INVALID_PARAMETER = 100


def app_secret(connection: Connection) -> Finding:
    if not connection.app_secret:
        return Finding.fault(_("No app secret is stored. Copy it from the app's basic settings at Meta."))
    try:
        connection.graph.get("me", {"appsecret_proof": connection.graph.proof(connection.app_secret)})
    except ManagementError as error:
        if error.code != _INVALID_PARAMETER:
            raise
        return Finding.fault(
            _(
                "The stored app secret is not that of the token's app: every message of a customer would be refused. "
                "Copy it from the app's basic settings at Meta."
            )
        )
    return Finding.good(_("Meta takes a proof that was made with it."))

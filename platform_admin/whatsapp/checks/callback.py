"""Messages to the number go to the tenant's own runtime, not to the address of the app."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from platform_admin.whatsapp.checks.check import Connection
from platform_admin.whatsapp.checks.finding import Finding

LONGEST_URL = 200
"""Characters, by Meta's reference of overrides."""


def callback(connection: Connection) -> Finding:
    facts = connection.graph.get(connection.number.phone_number_id, {"fields": "webhook_configuration"})
    configured = facts.get("webhook_configuration")
    address = configured.get("phone_number") if isinstance(configured, dict) else None
    wanted = connection.callback_url
    if wanted is None:
        if address:
            return Finding.good(_("Messages go to %(address)s."), address=str(address))
        return Finding.fault(_("The number has no address of its own; whoever runs this platform knows it."))
    if not address:
        return Finding.fault(_("Messages go to the address of the app, not to %(wanted)s."), wanted=wanted)
    if address != wanted:
        return Finding.fault(_("Messages go to %(address)s, not to %(wanted)s."), address=str(address), wanted=wanted)
    return Finding.good(_("Messages go to %(address)s."), address=wanted)


def set_callback(connection: Connection) -> None:
    """Meta asks the address for the word before it takes it, so the runtime must be up and know the word."""
    if connection.callback_url and connection.verify_token:
        override = {"override_callback_uri": connection.callback_url, "verify_token": connection.verify_token}
        connection.graph.post(connection.number.phone_number_id, {"webhook_configuration": override})

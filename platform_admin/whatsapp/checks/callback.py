"""Messages to the number go to the tenant's own runtime, not to the address of the app."""

from __future__ import annotations

from platform_admin.whatsapp.checks.check import Connection, Finding

LONGEST_URL = 200
"""Characters, by Meta's reference of overrides."""


def callback(connection: Connection) -> Finding:
    facts = connection.graph.get(connection.number.phone_number_id, {"fields": "webhook_configuration"})
    configured = facts.get("webhook_configuration")
    address = configured.get("phone_number") if isinstance(configured, dict) else None
    wanted = connection.callback_url
    if wanted is None:
        if address:
            return Finding.good(f"Messages go to {address}.")
        return Finding.fault("The number has no address of its own. Give it with --callback-url.")
    if address != wanted:
        return Finding.fault(f"Messages go to {address or 'the address of the app'}, not to {wanted}.")
    return Finding.good(f"Messages go to {wanted}.")


def set_callback(connection: Connection) -> None:
    """Meta asks the address for the word before it takes it, so the runtime must be up and know the word."""
    if connection.callback_url and connection.verify_token:
        override = {"override_callback_uri": connection.callback_url, "verify_token": connection.verify_token}
        connection.graph.post(connection.number.phone_number_id, {"webhook_configuration": override})

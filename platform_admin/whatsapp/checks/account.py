"""The settings name the account, and the number is one of its numbers."""

from __future__ import annotations

from platform_admin.whatsapp.checks.check import Connection, Finding


def account(connection: Connection) -> Finding:
    if not connection.waba_id:
        place = connection.number.place
        return Finding.fault(f"The settings do not say which account it is. Add waba_id to {place} and save them.")
    items = connection.graph.items(f"{connection.waba_id}/phone_numbers", {"fields": "id"})
    if connection.number.phone_number_id not in {item.get("id") for item in items}:
        return Finding.fault(f"The account {connection.waba_id} has no such number. Correct one of the two ids.")
    return Finding.good(f"It is one of the numbers of {connection.waba_id}.")

"""The settings name the account, and the number is one of its numbers."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from platform_admin.whatsapp.checks.check import Connection
from platform_admin.whatsapp.checks.finding import Finding


def account(connection: Connection) -> Finding:
    if not connection.waba_id:
        return Finding.fault(_("It is not known which account the number belongs to. Enter the account's id."))
    items = connection.graph.items(f"{connection.waba_id}/phone_numbers", {"fields": "id"})
    if connection.number.phone_number_id not in {item.get("id") for item in items}:
        return Finding.fault(
            _("The account %(account)s has no such number. Correct one of the two ids."), account=connection.waba_id
        )
    return Finding.good(_("It is one of the numbers of %(account)s."), account=connection.waba_id)

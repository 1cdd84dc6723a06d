"""The number exists for this token and is connected."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from platform_admin.whatsapp.checks.check import Connection
from platform_admin.whatsapp.checks.finding import Finding

_FIELDS = "display_phone_number,verified_name,quality_rating,status,code_verification_status"
_CONNECTED = "CONNECTED"
_LOW = "RED"


def number(connection: Connection) -> Finding:
    facts = connection.graph.get(connection.number.phone_number_id, {"fields": _FIELDS})
    shown = str(facts.get("display_phone_number") or connection.number.phone_number_id)
    if name := facts.get("verified_name"):
        shown = f"{shown} ({name})"
    status = facts.get("status")
    if status != _CONNECTED:
        return Finding.fault(
            _("%(number)s is %(status)s, not connected. Register it in WhatsApp Manager."),
            number=shown,
            status=str(status).lower(),
        )
    if facts.get("quality_rating") == _LOW:
        return Finding.warning(
            _("%(number)s is connected; its quality is low, and WhatsApp may restrict it."), number=shown
        )
    return Finding.good(_("%(number)s is connected."), number=shown)

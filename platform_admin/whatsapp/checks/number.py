"""The number exists for this token and is connected."""

from __future__ import annotations

from platform_admin.whatsapp.checks.check import Connection, Finding

_FIELDS = "display_phone_number,verified_name,quality_rating,status,code_verification_status"
_CONNECTED = "CONNECTED"
_LOW = "RED"


def number(connection: Connection) -> Finding:
    facts = connection.graph.get(connection.number.phone_number_id, {"fields": _FIELDS})
    shown = f"{facts.get('display_phone_number', 'unknown')} ({facts.get('verified_name', 'without a name')})"
    status = facts.get("status")
    if status != _CONNECTED:
        return Finding.fault(f"{shown} is {str(status).lower()}, not connected. Register it in WhatsApp Manager.")
    if facts.get("quality_rating") == _LOW:
        return Finding.warning(f"{shown} is connected; its quality is low, and WhatsApp may restrict it.")
    return Finding.good(f"{shown} is connected.")

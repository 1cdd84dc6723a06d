"""A ticket for one copy: whose, from when, and whether it may be brought or fetched."""

from __future__ import annotations

from enum import StrEnum

from platform_admin.config.tickets import issue_ticket, read_ticket
from platform_admin.fleet.backups.store import CopyName
from platform_admin.tenants.models import Tenant


class Way(StrEnum):
    """Seen from the control plane."""

    IN = "copy-in"
    OUT = "copy-out"


def ticket_for(name: CopyName, way: Way) -> str:
    return issue_ticket(way, str(name))


def copy_of(ticket: str, way: Way, *, tenant: Tenant) -> CopyName | None:
    """Which copy it is for; ``None`` when it is none of ours, another tenant's, for the other way, or too old."""
    match read_ticket(ticket):
        case (first, text) if first == way:
            name = CopyName.read(text)
            return name if name is not None and name.tenant == tenant.slug else None
        case _:
            return None

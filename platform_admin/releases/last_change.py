"""Who changed one part of a tenant's settings last, as the audit trail has it."""

from __future__ import annotations

from typing import Final

from django.db.models import Q

from platform_admin.releases.settings_part import part_at
from platform_admin.tenants.models import AuditEntry, Tenant

_SAVED: Final = "saved settings"
_OF_A_SECRET: Final = ("set credential", "set expiry", "removed credential")

_LOOKED_AT: Final = 100
"""Entries. Of more than these nobody was writing at the same time."""


def last_change(tenant: Tenant, path: str) -> AuditEntry | None:
    """The newest entry that changed the part at ``path`` or a secret of it; ``None`` where that cannot be known."""
    secrets = Q(verb__in=_OF_A_SECRET, subject__startswith=f"{path}.")
    entries = AuditEntry.objects.filter(Q(verb=_SAVED) | secrets, tenant=tenant).select_related("actor")
    first = path.partition(".")[0]
    for entry in entries[:_LOOKED_AT]:
        if entry.verb != _SAVED:
            return entry
        before, after = entry.before, entry.after
        if not (isinstance(before, dict) and isinstance(after, dict) and first in before and first in after):
            # Forgotten since, or too long to be kept: it may have been this one.
            return None
        if part_at(before, path) != part_at(after, path):
            return entry
    return None

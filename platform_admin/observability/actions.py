"""What is noted about the runtimes."""

from __future__ import annotations

from datetime import datetime

from platform_admin.observability.models import RuntimeSighting
from platform_admin.tenants.models import Tenant


def note_pull(*, tenant: Tenant, serial: int | None, at: datetime) -> None:
    """A runtime asked for its bundle and, after the answer, holds ``serial`` (``None``: there is no release yet)."""
    noted = RuntimeSighting.objects.for_tenant(tenant).update(last_pull_at=at, serial=serial)
    if not noted:
        # Two first pulls at once: the second insert is ignored, the next pull brings it up to date.
        first = RuntimeSighting(tenant=tenant, last_pull_at=at, serial=serial)
        RuntimeSighting.objects.bulk_create([first], ignore_conflicts=True)

"""What is asked about releases."""

from __future__ import annotations

from platform_admin.releases.models import Release
from platform_admin.tenants.models import Tenant


def live_release(tenant: Tenant) -> Release | None:
    """The newest release, with its envelope left in the database until somebody reads it."""
    return Release.objects.for_tenant(tenant).defer("envelope", "settings").order_by("-serial").first()

"""What is asked about the runtimes."""

from __future__ import annotations

from platform_admin.observability.models import RuntimeSighting
from platform_admin.tenants.models import Tenant


def sighting_of(tenant: Tenant) -> RuntimeSighting | None:
    """When the tenant's runtime was last here; ``None`` for never."""
    return RuntimeSighting.objects.for_tenant(tenant).first()

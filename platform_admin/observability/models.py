"""What the control plane sees of the runtimes."""

from __future__ import annotations

from django.db import models

from platform_admin.tenants.models import Tenant
from platform_admin.tenants.scoping import TenantOwned


class RuntimeSighting(TenantOwned):
    """The last time a tenant's runtime asked for its bundle. No address, nothing about customers."""

    tenant = models.OneToOneField(Tenant, on_delete=models.PROTECT, related_name="runtime_sighting")
    last_pull_at = models.DateTimeField()
    serial = models.PositiveIntegerField("serial it has", null=True)

    class Meta:
        ordering = ["tenant"]
        verbose_name = "runtime seen"
        verbose_name_plural = "runtimes seen"

    def __str__(self) -> str:
        return f"runtime of {self.tenant}"

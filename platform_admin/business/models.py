"""Business settings as people edit them, and their immutable versions."""

from __future__ import annotations

from django.db import models

from platform_admin.tenants.immutable import TenantVersion
from platform_admin.tenants.models import Tenant, User
from platform_admin.tenants.scoping import TenantOwned


class BusinessDraft(TenantOwned):
    """What is being edited, with the faults found in it. Saved even with faults: nobody's work is lost."""

    tenant = models.OneToOneField(Tenant, on_delete=models.PROTECT, related_name="business_draft")
    document = models.JSONField(default=dict, blank=True)
    faults = models.JSONField(default=list, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)
    updated_at = models.DateTimeField(auto_now=True)
    updated_by = models.ForeignKey(User, null=True, editable=False, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "business settings"
        verbose_name_plural = "business settings"

    def __str__(self) -> str:
        return f"Business settings of {self.tenant}"


class BusinessVersion(TenantVersion):
    """The document as it was at one moment. The shape is ``document.BusinessDocument``."""

    number = models.PositiveIntegerField()
    document = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-number"]
        verbose_name = "version of business settings"
        verbose_name_plural = "versions of business settings"
        constraints = [models.UniqueConstraint(fields=["tenant", "number"], name="business_version_number")]

    def __str__(self) -> str:
        return f"business {self.number}"

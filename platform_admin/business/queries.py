"""What is asked about business settings."""

from __future__ import annotations

from platform_admin.business.models import BusinessDraft, BusinessVersion
from platform_admin.tenants.models import Tenant


def draft_of(tenant: Tenant) -> BusinessDraft | None:
    return BusinessDraft.objects.for_tenant(tenant).select_related("updated_by").first()


def last_version(tenant: Tenant) -> BusinessVersion | None:
    return BusinessVersion.objects.for_tenant(tenant).order_by("-number").first()


def version_by_number(tenant: Tenant, number: int) -> BusinessVersion | None:
    return BusinessVersion.objects.for_tenant(tenant).filter(number=number).first()

"""How long things are kept: an owner's choice, and the personal parts of the audit trail that are past it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction

from flow_engine.vocabulary import JSONObject
from platform_admin.releases.actions import save_settings
from platform_admin.releases.stored_settings import stored_settings
from platform_admin.tenants import audit
from platform_admin.tenants.actor import Actor, require_role
from platform_admin.tenants.audit_erasing import forget_personal_parts
from platform_admin.tenants.models import AuditEntry, Role, Tenant
from platform_admin.tenants.retention import BY_KEY, days_kept


@transaction.atomic
def save_retention(*, tenant: Tenant, days: Mapping[str, int | None], by: Actor) -> None:
    """Replace the choice; ``None`` takes the default. Raises ``HasFaultsError``; then nothing has changed."""
    require_role(by, tenant=tenant, role=Role.OWNER)
    document = stored_settings(tenant)
    stored = document.get("policies")
    policies = stored if isinstance(stored, dict) else {}
    retention: JSONObject = {key: value for key, value in days.items() if key in BY_KEY and value is not None}
    save_settings(tenant=tenant, document={**document, "policies": {**policies, "retention": retention}}, by=by)
    before = policies.get("retention") or {}
    audit.record(by=by, verb="saved retention", subject=tenant, tenant=tenant, before=before, after=retention)


def forget_audit_parts(*, now: datetime, by: Actor) -> int:
    """What is past its time in the trail loses its personal part, with an entry that says which. How many entries.

    The platform's own chain names no customers, and keeps what it has.
    """
    total = 0
    for tenant in Tenant.objects.exclude(status=Tenant.Status.DELETED).select_related("settings"):
        total += _forget_of(tenant, now=now, by=by)
    return total


@transaction.atomic
def _forget_of(tenant: Tenant, *, now: datetime, by: Actor) -> int:
    limit = now - timedelta(days=days_kept(tenant, "audit_personal_days"))
    ranges = forget_personal_parts(tenant=tenant, before=limit, now=now)
    count = AuditEntry.objects.filter(tenant=tenant, erased_at=now).count()
    if not ranges:
        return 0
    audit.record(by=by, verb="forgot personal parts", subject=tenant, tenant=tenant, details={"entries": ranges})
    return count

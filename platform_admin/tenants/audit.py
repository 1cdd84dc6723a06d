"""The one way into the audit trail."""

from __future__ import annotations

from flow_engine.vocabulary import JSONObject
from platform_admin.tenants.actor import Actor, CommandActor
from platform_admin.tenants.models import AuditEntry, Tenant


def record(
    *, by: Actor, verb: str, subject: object, tenant: Tenant | None = None, details: JSONObject | None = None
) -> AuditEntry:
    """Append one entry, in the caller's transaction: an action that fails leaves no trace of having happened.

    ``verb`` is a past tense such as ``published``; ``details`` must not hold secrets.
    """
    user = None if isinstance(by, CommandActor) else by
    label = f"manage.py {by.command}" if isinstance(by, CommandActor) else by.email
    return AuditEntry.objects.create(
        actor=user, actor_label=label, tenant=tenant, verb=verb, subject=str(subject)[:200], details=details or {}
    )

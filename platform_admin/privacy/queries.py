"""What is asked about erasures."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from platform_admin.privacy.models import Erasure
from platform_admin.tenants.models import Tenant

State = Erasure.State


def erasures_of(tenant: Tenant) -> QuerySet[Erasure]:
    """Newest first."""
    return Erasure.objects.for_tenant(tenant).select_related("requested_by")


def erasures_since(tenant: Tenant, when: datetime) -> QuerySet[Erasure]:
    """What a copy of the runtime's data made at ``when`` may hold again: erasures that were not over by then.

    Oldest first, those that wait still among them. ``actions.erase_again`` asks for them anew.
    """
    rows = Erasure.objects.for_tenant(tenant).exclude(state=State.FAILED)
    return rows.filter(Q(finished_at=None) | Q(finished_at__gte=when)).order_by("requested_at", "pk")


def pending_erasure(tenant: Tenant, contact: str) -> Erasure | None:
    return Erasure.objects.for_tenant(tenant).filter(contact=contact, state=State.PENDING).first()


def failed_or_late(*, before: datetime) -> QuerySet[Erasure]:
    """Of all tenants: what failed and was not done since, and what has waited for its runtime since ``before``."""
    rows = Erasure.objects.across_tenants("the platform's doctor looks at all").select_related("tenant")
    done = Erasure.objects.across_tenants("the same").filter(
        tenant=OuterRef("tenant"),
        contact=OuterRef("contact"),
        state=State.DONE,
        finished_at__gt=OuterRef("finished_at"),
    )
    late, failed = Q(state=State.PENDING, requested_at__lt=before), Q(state=State.FAILED) & ~Exists(done)
    return rows.filter(late | failed).order_by("requested_at")

"""What is asked about people."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from platform_admin.people.models import Invitation
from platform_admin.tenants.models import Membership, RuntimeToken, Tenant, User


def memberships_of(user: User) -> list[Membership]:
    """Where a person works, by the business's name."""
    rows = Membership.objects.filter(user=user).exclude(tenant__status=Tenant.Status.DELETED)
    return list(rows.select_related("tenant").order_by("tenant__name"))


def members_of(tenant: Tenant) -> list[Membership]:
    rows = Membership.objects.filter(tenant=tenant).select_related("user", "user__authenticator")
    return list(rows.order_by("user__email"))


def open_invitations(tenant: Tenant) -> list[Invitation]:
    """Not accepted and not withdrawn; those past their time as well, so that they can be sent again."""
    rows = Invitation.objects.for_tenant(tenant).filter(accepted_at=None, revoked_at=None)
    return list(rows.select_related("invited_by"))


def tokens_of(tenant: Tenant, *, now: datetime) -> QuerySet[RuntimeToken]:
    """Those that still open something."""
    live = RuntimeToken.objects.for_tenant(tenant).filter(revoked_at=None)
    return live.exclude(expires_at__lte=now)

"""Who may do what in a tenant: given, changed, taken away."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone as clock

from flow_engine.vocabulary import JSONObject
from platform_admin.people.last_owner import keep_an_owner, lock_tenants
from platform_admin.people.models import Invitation
from platform_admin.people.standing import ask_anew
from platform_admin.tenants import audit
from platform_admin.tenants.actor import Actor, require_role
from platform_admin.tenants.models import Membership, Role, Tenant, User


@transaction.atomic
def set_role(*, tenant: Tenant, user: User, role: Role, by: Actor) -> Membership:
    """Give a person a role in a tenant, or another one.

    Raises ``NotAllowedError`` below owner, ``ConflictError`` where the tenant would lose its last active owner.
    """
    lock_tenants(tenant)
    require_role(by, tenant=tenant, role=Role.OWNER)
    membership = Membership.objects.filter(tenant=tenant, user=user).first()
    before = None if membership is None else membership.role
    if membership is not None and before == role:
        return membership
    if before == Role.OWNER:
        keep_an_owner(tenant, without=user)
        _withdraw_invitations_of(user, tenant)
    membership = membership or Membership(tenant=tenant, user=user)
    membership.role = role
    membership.full_clean()
    membership.save()
    if before is None:
        ask_anew(user)
    details: JSONObject = {"role": str(role)}
    audit.record(
        by=by, verb="set role", subject=user.email, tenant=tenant, details=details, before=before, after=str(role)
    )
    return membership


@transaction.atomic
def remove_member(*, tenant: Tenant, user: User, by: Actor) -> None:
    """Take a person's role in a tenant away; anybody may leave. Raises as ``set_role``."""
    lock_tenants(tenant)
    if by != user:
        require_role(by, tenant=tenant, role=Role.OWNER)
    membership = Membership.objects.filter(tenant=tenant, user=user).first()
    if membership is None:
        return
    if membership.role == Role.OWNER:
        keep_an_owner(tenant, without=user)
        _withdraw_invitations_of(user, tenant)
    before = membership.role
    membership.delete()
    audit.record(by=by, verb="removed role", subject=user.email, tenant=tenant, before=before)


def _withdraw_invitations_of(user: User, tenant: Tenant) -> None:
    """What somebody may no longer do must not be done by a mail they sent before."""
    open_ones = Invitation.objects.for_tenant(tenant).filter(invited_by=user, accepted_at=None, revoked_at=None)
    open_ones.update(revoked_at=clock.now())

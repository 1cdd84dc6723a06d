"""A tenant keeps at least one owner who can sign in. Every verb that could take the last one away asks here first."""

from __future__ import annotations

from django.utils.translation import gettext as _

from platform_admin.errors import ConflictError
from platform_admin.tenants.models import Membership, Role, Tenant, User


def lock_tenants(*tenants: Tenant) -> None:
    """Hold the tenants' rows until the transaction ends: who changes roles of one tenant follows the other.

    Always in the order of their keys, so that two who want the same ones do not wait for each other for ever.
    """
    keys = sorted(tenant.pk for tenant in tenants)
    list(Tenant.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk", flat=True))


def keep_an_owner(tenant: Tenant, *, without: User) -> None:
    """Return if somebody active besides ``without`` owns ``tenant``, or they do not own it themselves.

    Call it inside the transaction that holds the tenant's row (``lock_tenants``). Raises ``ConflictError``.
    """
    owners = Membership.objects.filter(tenant=tenant, role=Role.OWNER, user__is_active=True)
    keys = set(owners.values_list("user_id", flat=True))
    if keys == {without.pk}:
        said = _("%(business)s would have no owner left. Make somebody else an owner first.")
        raise ConflictError(said % {"business": tenant.name})


def owned_by(user: User) -> list[Tenant]:
    return list(Tenant.objects.filter(memberships__user=user, memberships__role=Role.OWNER).order_by("pk"))

"""Who an action is done by: a signed-in person, or a command run on the server."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from platform_admin.errors import NotAllowedError
from platform_admin.tenants.models import Membership, Role, Tenant, User


@dataclass(frozen=True, slots=True)
class CommandActor:
    """Somebody with a shell on the control plane's machine; may do everything, and the trail says so."""

    command: str


type Actor = User | CommandActor


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody who is not signed in, such as one who tries passwords. No verb is done by them; the trail names them."""

    address: str


def require_role(by: Actor, *, tenant: Tenant, role: Role) -> None:
    """Return if ``by`` has ``role`` or more in ``tenant``, else raise ``NotAllowedError``."""
    held = Role.OWNER if isinstance(by, CommandActor) else role_in(by, tenant=tenant)
    if held is None or held.rank < role.rank:
        raise NotAllowedError(
            _("This needs the role %(role)s in %(business)s.") % {"role": role.label.lower(), "business": tenant.name}
        )


def role_in(user: User, *, tenant: Tenant) -> Role | None:
    """What ``user`` is in ``tenant``: a platform operator is as much as an owner everywhere."""
    if not user.is_active:
        return None
    if user.is_superuser:
        return Role.OWNER
    membership = Membership.objects.filter(tenant=tenant, user=user).first()
    return None if membership is None else Role(membership.role)


def require_operator(by: Actor) -> None:
    """Return if ``by`` runs the platform, else raise ``NotAllowedError``."""
    if isinstance(by, User) and not (by.is_active and by.is_superuser):
        raise NotAllowedError(_("Only a platform operator may do this."))

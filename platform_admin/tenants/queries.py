"""What is asked about tenants and people."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from platform_admin.errors import NotThereError
from platform_admin.tenants.actions import token_digest
from platform_admin.tenants.models import RuntimeToken, Tenant, User


def tenants_of(user: User) -> QuerySet[Tenant]:
    """The tenants a person may see: all for an operator, else those they are a member of."""
    if user.is_active and user.is_superuser:
        return Tenant.objects.all()
    return Tenant.objects.filter(memberships__user=user).distinct()


def tenant_by_slug(slug: str) -> Tenant:
    """Raises ``NotThereError``."""
    tenant = Tenant.objects.filter(slug=slug).first()
    if tenant is None:
        raise NotThereError(_("There is no tenant '%(slug)s'.") % {"slug": slug})
    return tenant


def runtime_token_of(clear: str) -> RuntimeToken | None:
    """The row behind a token shown by a runtime, revoked or not, with its tenant.

    Found by its digest: what an attacker could time is an index lookup of a hash they cannot steer.
    """
    return (
        RuntimeToken.objects.across_tenants("the token itself says which tenant it belongs to")
        .select_related("tenant")
        .filter(digest=token_digest(clear))
        .first()
    )
